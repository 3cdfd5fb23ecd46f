package dev.berth.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.Rights;
import dev.berth.host.linux.PidfdProcessControl;
import dev.berth.host.linux.SetsidCommands;
import dev.berth.model.Marker;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandCheckTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private PidfdProcessControl control;
    private SetsidCommands commands;
    private CommandCheck check;

    @BeforeEach
    void open() throws IOException {
        Tools.requireLinux();
        Tools.require("setsid");
        control = new PidfdProcessControl();
        commands = new SetsidCommands(control, System.getenv("PATH"), Optional.empty(), System::nanoTime);
        check = new CommandCheck(System::nanoTime, commands);
    }

    @AfterEach
    void close() {
        commands.close();
        control.close();
    }

    private HealthCheck.Result run(String command, Duration timeout) {
        HealthCheck.Context context = new HealthCheck.Context(
                Map.of("PORT", "8000", "PATH", System.getenv("PATH"), Marker.SERVICE, "a/b@c", Marker.LAUNCH, "theirs"),
                Optional.of(directory),
                Optional.of(Rights.OWN),
                OptionalInt.of(8000));
        return check.check(Specs.of("command", command, timeout), context);
    }

    @Test
    void passesWithStatusZero() {
        HealthCheck.Result result = run("echo ready on $PORT", TIMEOUT);
        assertThat(result.healthy()).isTrue();
        assertThat(result.detail()).isEqualTo("ready on 8000");
        assertThat(result.took()).isPositive();
        assertThat(run("true", TIMEOUT).detail()).isEqualTo("exit status 0");
    }

    @Test
    void anyOtherStatusFails() {
        assertThat(run("echo no database >&2; exit 3", TIMEOUT))
                .matches(result -> !result.healthy() && result.detail().equals("no database"));
        assertThat(run("exit 3", TIMEOUT))
                .matches(result -> !result.healthy() && result.detail().equals("exit status 3"));
    }

    @Test
    void runsWhereTheServiceRuns() throws IOException {
        assertThat(run("pwd", TIMEOUT).detail())
                .isEqualTo(directory.toRealPath().toString());
        assertThat(check.check(Specs.of("command", "pwd", TIMEOUT), Specs.NOTHING)
                        .detail())
                .isEqualTo("/");
    }

    @Test
    void isNeverTakenForTheService() {
        assertThat(run("echo [$BERTH_SERVICE] [$BERTH_LAUNCH]", TIMEOUT).detail())
                .startsWith("[] [")
                .doesNotContain("theirs");
    }

    @Test
    void oneThatHangsGivesNoAnswer() {
        HealthCheck.Result result = run("sleep 1000", Duration.ofMillis(300));
        assertThat(result.healthy()).isFalse();
        assertThat(result.detail()).isEqualTo("no answer within 300ms");
    }
}
