package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.testing.Children;
import dev.berth.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EnvironmentTest {
    private static final int MOST = 1 << 20;
    private static final String MARK = "BERTH_LAUNCH=launch-7";

    /** A thousand programs, each of which becomes the next; told its own text and how many there were. */
    private static final String CHAIN = "[ $1 -lt 1000 ] || exec sleep 1000; exec sh -c \"$0\" \"$0\" $(($1 + 1))";

    private final Children children = new Children();

    @BeforeAll
    static void linux() {
        Tools.requireLinux();
    }

    @AfterEach
    void end() {
        children.close();
    }

    @Test
    void whoExecutesOneProgramAfterTheOtherIsSeenWithItsVariablesAtAnyTime() throws Exception {
        Process chain = children.start(List.of("sh", "-c", CHAIN, CHAIN, "0"), Map.of("BERTH_LAUNCH", "launch-7"));
        String process = "/proc/" + chain.pid();

        Environment seen;
        do {
            seen = Environment.read(process, MOST, ExecWait.forOneLook());
            // On a busy machine it may be longer on its way than anybody waits; but it never has none.
            if (!(seen instanceof Environment.Passing)) {
                assertThat(seen.text())
                        .hasValueSatisfying(all -> assertThat(all).contains(MARK));
            }
        } while (!Files.readString(Path.of(process, "comm")).equals("sleep\n"));
        assertThat(Environment.read(process, MOST, ExecWait.forOneLook())).isInstanceOf(Environment.Variables.class);
    }

    @Test
    void whoDoesNotWaitIsToldThatItIsOnItsWay() throws Exception {
        Process chain = children.start(List.of("sh", "-c", CHAIN, CHAIN, "0"), Map.of("BERTH_LAUNCH", "launch-7"));
        String process = "/proc/" + chain.pid();
        boolean met = false;

        do {
            Environment seen = Environment.read(process, MOST, new ExecWait(0));
            assertThat(seen.text().filter(String::isEmpty)).isEmpty();
            met |= seen instanceof Environment.Passing;
        } while (!met && !Files.readString(Path.of(process, "comm")).equals("sleep\n"));

        assertThat(met).isTrue();
    }

    @Test
    void aProgramWithoutVariablesHasNone() throws Exception {
        Children.Ready child =
                children.startReady(List.of("env", "-i", "sh", "-c", "echo ready; exec env -i sleep 1000"));
        String process = "/proc/" + child.process().pid();
        await().until(() -> Files.readString(Path.of(process, "comm")).equals("sleep\n"));

        assertThat(Environment.read(process, MOST, ExecWait.forOneLook())).isEqualTo(new Environment.Variables(""));
    }

    @Test
    void whoHasEndedHidesIt() throws Exception {
        Process child = children.start(Children.IDLE);
        Children.end(child);

        assertThat(Environment.read("/proc/" + child.pid(), MOST, ExecWait.forOneLook()))
                .isEqualTo(new Environment.Hidden());
    }
}
