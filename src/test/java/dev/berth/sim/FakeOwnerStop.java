package dev.berth.sim;

import dev.berth.host.OwnerStop;
import dev.berth.model.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Stops units and containers of the simulated machine with everything in them. */
final class FakeOwnerStop implements OwnerStop {
    private final Machine machine;
    private final Seam seam;

    FakeOwnerStop(Machine machine, Seam seam) {
        this.machine = machine;
        this.seam = seam;
    }

    @Override
    public Optional<List<String>> commandFor(Origin origin) {
        return origin.unit()
                .map(unit -> List.of("systemctl", "stop", unit))
                .or(() -> origin.container().map(container -> List.of("docker", "stop", container)));
    }

    @Override
    public Optional<String> stop(Origin origin, Duration timeout) {
        return seam.reading(() -> {
            if (seam.strikes(SimFault.OWNER_STOP_FAILS)) {
                return Optional.of("access denied");
            }
            List<SimProcess> members = machine.processes().stream()
                    .filter(process -> process.alive() && belongs(process.origin, origin))
                    .toList();
            members.forEach(process -> {
                process.stoppedByOwner = true;
                machine.exit(process);
            });
            return Optional.empty();
        });
    }

    private static boolean belongs(Origin one, Origin other) {
        return one.kind() == other.kind()
                && one.unit().equals(other.unit())
                && one.container().equals(other.container());
    }
}
