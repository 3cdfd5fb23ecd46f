package dev.berth.sim;

import dev.berth.host.Launcher;
import dev.berth.model.Command;
import dev.berth.model.Marker;
import dev.berth.model.ProcessRef;
import java.util.List;
import java.util.Optional;

/** Starts services on the simulated machine. They listen on {@code PORT}, if they are told one. */
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
    public ProcessRef launch(LaunchSpec spec) {
        return seam.reading(() -> start(spec).ref);
    }

    private SimProcess start(LaunchSpec spec) {
        List<String> line = spec.command() instanceof Command.Exec exec
                ? exec.arguments()
                : List.of("sh", "-c", ((Command.Shell) spec.command()).text());
        Program program = new Programs(line).service();
        String port = spec.environment().get("PORT");
        if (port != null) {
            program = program.listening(Program.Endpoint.tcp(Integer.parseInt(port)));
        }
        return machine.launch(
                program,
                berth.self().uid,
                Optional.ofNullable(spec.environment().get(Marker.SERVICE)),
                Optional.ofNullable(spec.environment().get(Marker.LAUNCH)));
    }

    /** A program by its command line. */
    private record Programs(List<String> line) {
        Program service() {
            return Program.named(line.get(0), line.toArray(String[]::new));
        }
    }
}
