package dev.berth.host.linux;

import dev.berth.host.Launcher;
import dev.berth.host.Launcher.LaunchSpec;
import dev.berth.host.Rights;
import dev.berth.model.Command;
import dev.berth.model.ProcessRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program for tests: launches a service, says its pid, and waits to be killed. */
public final class LaunchAndWait {
    private static final String PATH = "/usr/bin:/bin";

    private LaunchAndWait() {}

    /** By which launcher. */
    enum Way {
        SETSID {
            @Override
            boolean isSupported() {
                return ExecutablePath.find("setsid", PATH).isPresent();
            }

            @Override
            Launcher launcher() throws IOException {
                return new SetsidLauncher(new ProcfsProcessReader(System::nanoTime), PATH, Optional.empty());
            }
        },
        SPAWN {
            @Override
            boolean isSupported() {
                return SpawnLauncher.isSupported();
            }

            @Override
            Launcher launcher() throws IOException {
                return new SpawnLauncher(new PidfdProcessControl(), PATH, Optional.empty());
            }
        };

        abstract boolean isSupported();

        abstract Launcher launcher() throws IOException;
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        ProcessRef process = Way.valueOf(arguments[0])
                .launcher()
                .launch(new LaunchSpec(
                        new Command.Exec(List.of("sh", "-c", "while :; do echo alive; sleep 0.1; done")),
                        directory,
                        Map.of("PATH", PATH),
                        directory.resolve("service.log"),
                        Rights.OWN));
        System.out.println(process.pid());
        System.in.read();
    }
}
