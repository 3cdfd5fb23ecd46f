package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.host.ProcessControl.Liveness;
import dev.berth.host.Signal;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.testing.Children;
import dev.berth.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class LaunchedServiceIT {
    @ParameterizedTest
    @EnumSource(LaunchAndWait.Way.class)
    void aServiceOutlivesTheKillOfWhatStartedIt(LaunchAndWait.Way way, @TempDir Path directory) throws Exception {
        Tools.requireLinux();
        assumeTrue(way.isSupported(), "this machine can't launch services by " + way);
        ProcfsProcessReader reader = new ProcfsProcessReader(System::nanoTime);
        try (Children children = new Children();
                PidfdProcessControl control = new PidfdProcessControl()) {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            Children.Ready starter = children.startReady(List.of(
                    java,
                    "-cp",
                    System.getProperty("java.class.path"),
                    LaunchAndWait.class.getName(),
                    way.name(),
                    directory.toString()));
            ProcessRef service = reader.identify(Long.parseLong(starter.line())).orElseThrow();
            try {
                starter.process().destroyForcibly().waitFor();
                long written = Files.size(directory.resolve("service.log"));

                await().until(() -> Files.size(directory.resolve("service.log")) > written);
                assertThat(control.liveness(service)).isEqualTo(Liveness.ALIVE);
                ProcessFacts facts = reader.read(service.pid()).orElseThrow();
                assertThat(facts.session()).isEqualTo(service.pid());
                assertThat(facts.ancestors())
                        .noneMatch(ancestor ->
                                ancestor.ref().pid() == starter.process().pid());
            } finally {
                control.signal(service, Set.of(), Signal.SIGKILL);
            }
            await().until(() -> control.liveness(service) == Liveness.GONE);
        }
    }
}
