package dev.berth.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.host.Launcher.LaunchException;
import dev.berth.host.Launcher.LaunchSpec;
import dev.berth.model.Command;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link Launcher} promises. */
@Timeout(120)
public abstract class LauncherContract {
    protected abstract Launcher launcher();

    protected abstract Path workingDirectory();

    /** The process as it is now; the contract ends nothing, the factory ends what was launched. */
    protected abstract Optional<ProcessFacts> describe(ProcessRef process);

    protected final LaunchSpec spec(Command command, Map<String, String> environment) {
        return new LaunchSpec(
                command, workingDirectory(), environment, workingDirectory().resolve("service.log"), Rights.OWN);
    }

    @Test
    void aLaunchedProgramRunsAndCarriesItsMarker() throws Exception {
        ProcessRef process = launcher()
                .launch(spec(
                        new Command.Exec(List.of("sleep", "1000")),
                        Map.of("BERTH_SERVICE", "default/backend", "PATH", "/usr/bin:/bin")));

        ProcessFacts facts = describe(process).orElseThrow();
        assertThat(facts.ref()).isEqualTo(process);
        assertThat(facts.marker()).hasValue("default/backend");
    }

    @Test
    void twoLaunchesAreTwoProcesses() throws Exception {
        LaunchSpec spec = spec(new Command.Exec(List.of("sleep", "1000")), Map.of("PATH", "/usr/bin:/bin"));

        assertThat(launcher().launch(spec)).isNotEqualTo(launcher().launch(spec));
    }

    protected final void assertRefused(LaunchSpec spec, String reason) {
        assertRefused(launcher(), spec, reason);
    }

    protected static void assertRefused(Launcher launcher, LaunchSpec spec, String reason) {
        assertThatThrownBy(() -> launcher.launch(spec))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining(reason);
    }
}
