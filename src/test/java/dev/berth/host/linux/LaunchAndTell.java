package dev.berth.host.linux;

import dev.berth.host.Launcher.LaunchSpec;
import dev.berth.model.Command;
import dev.berth.model.ProcessRef;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A program for tests: launches one that returns 3 and says how it ended. */
public final class LaunchAndTell {
    private LaunchAndTell() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        try (PidfdProcessControl control = new PidfdProcessControl()) {
            ProcessRef process = new SpawnLauncher(control, "/usr/bin:/bin")
                    .launch(new LaunchSpec(
                            new Command.Exec(List.of("/bin/sh", "-c", "exit 3")),
                            directory,
                            Map.of(),
                            directory.resolve("service.log")));
            CountDownLatch ended = new CountDownLatch(1);
            control.onExit(process, ended::countDown);
            ended.await();
            System.out.println(control.exitStatus(process));
        }
    }
}
