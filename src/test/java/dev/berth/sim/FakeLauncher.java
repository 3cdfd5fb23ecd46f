package dev.berth.sim;

import dev.berth.host.Launcher;
import dev.berth.model.Marker;
import dev.berth.model.ProcessRef;
import dev.berth.model.Protocol;
import java.util.Optional;

/** Starts services on the simulated machine, as far as starting works there. */
final class FakeLauncher implements Launcher {
    private final Machine machine;
    private final BerthProcess berth;
    private final Seam seam;

    FakeLauncher(Machine machine, BerthProcess berth, Seam seam) {
        this.machine = machine;
        this.berth = berth;
        this.seam = seam;
    }

    @Override
    public ProcessRef launch(LaunchSpec spec) throws LaunchException {
        seam.diesAt(SimFault.BERTH_DIES_BEFORE_LAUNCH);
        if (seam.strikes(SimFault.LAUNCH_FAILS)) {
            throw new LaunchException("fork failed: EAGAIN; the limit of processes is reached");
        }
        ProcessRef started = seam.reading(() -> start(spec).ref);
        seam.diesAt(SimFault.BERTH_DIES_AFTER_LAUNCH);
        return started;
    }

    private SimProcess start(LaunchSpec spec) {
        Program.Endpoint on = new Program.Endpoint(
                Protocol.valueOf(spec.environment().get(FakeLaunches.PROTOCOL)),
                Addresses.numeric(spec.environment().get(FakeLaunches.HOST)),
                Integer.parseInt(spec.environment().get(FakeLaunches.PORT)),
                false,
                false);
        return machine.launch(
                ServicePrograms.program(spec.command(), on),
                // As root Berth starts each service as its owner.
                berth.self().uid == Users.ROOT
                        ? Long.parseLong(spec.environment().get(FakeLaunches.OWNER))
                        : berth.self().uid,
                Optional.ofNullable(spec.environment().get(Marker.SERVICE)),
                Optional.ofNullable(spec.environment().get(Marker.LAUNCH)));
    }
}
