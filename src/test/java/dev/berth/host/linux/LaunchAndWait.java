package dev.berth.host.linux;

import dev.berth.host.Launcher.LaunchSpec;
import dev.berth.model.Command;
import dev.berth.model.ProcessRef;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program for tests: launches a service, says its pid, and waits to be killed. */
public final class LaunchAndWait {
    private LaunchAndWait() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        ProcessRef process = new SetsidLauncher(new ProcfsProcessReader(), "/usr/bin:/bin")
                .launch(new LaunchSpec(
                        new Command.Exec(List.of("sh", "-c", "while :; do echo alive; sleep 0.1; done")),
                        directory,
                        Map.of("PATH", "/usr/bin:/bin"),
                        directory.resolve("service.log")));
        System.out.println(process.pid());
        System.in.read();
    }
}
