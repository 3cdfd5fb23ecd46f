package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which ended children are taken. That Berth as pid 1 leaves no zombies is shown with the real kernel by ContainerIT. */
class OrphanReaperTest {
    /** Above what a pid can be, so that none of this JVM's children has it. */
    private static final long ORPHAN = 1L << 40;

    private static final long OWN = ORPHAN + 1;

    private final Kernel kernel = new Kernel();
    private final OrphanReaper reaper = new OrphanReaper(kernel);

    @AfterEach
    void forget() {
        OwnChildren.remove(OWN);
    }

    @Test
    void anOrphanIsTakenInTheSecondRound() throws IOException {
        kernel.ended(ORPHAN, 100);

        assertThat(reaper.reap())
                .as("whoever watches it may still read its status")
                .isEmpty();
        assertThat(reaper.reap()).containsExactly(ORPHAN);
        assertThat(reaper.reap()).isEmpty();
        assertThat(kernel.taken).containsExactly(ORPHAN);
    }

    @Test
    void anOwnChildIsLeftToWhoWaitsForItHoweverLongThatTakes() throws IOException {
        OwnChildren.add(OWN);
        kernel.ended(OWN, 100);
        kernel.ended(ORPHAN, 100);

        reaper.reap();
        reaper.reap();
        reaper.reap();

        assertThat(kernel.taken).containsExactly(ORPHAN);
    }

    @Test
    void aPidThatPassedOnBetweenTwoRoundsCountsAnew() throws IOException {
        kernel.ended(ORPHAN, 100);
        reaper.reap();
        kernel.ended(ORPHAN, 200);

        assertThat(reaper.reap()).isEmpty();
        assertThat(reaper.reap()).containsExactly(ORPHAN);
    }

    @Test
    void noProcessIsLookedAtWhileNoneHasEnded() throws IOException {
        reaper.reap();

        assertThat(kernel.looks).isZero();
    }

    @Test
    void aChildOfTheJdkIsKnownUntilItsStatusWasTaken() throws Exception {
        Process child = OwnChildren.start(new ProcessBuilder("sh", "-c", "read -r line; exit 3"));
        assertThat(OwnChildren.contains(child.pid())).isTrue();

        child.getOutputStream().close();

        assertThat(child.onExit().thenApply(Process::exitValue).get()).isEqualTo(3);
        Awaitility.await().until(() -> !OwnChildren.contains(child.pid()));
    }

    /** Has ended children as the test says. */
    private static final class Kernel implements OrphanReaper.Kernel {
        private final Map<Long, Long> zombies = new HashMap<>();
        private final List<Long> taken = new ArrayList<>();
        private int looks;

        void ended(long pid, long startTicks) {
            zombies.put(pid, startTicks);
        }

        @Override
        public boolean anyEnded() {
            return !zombies.isEmpty();
        }

        @Override
        public List<ProcStat> zombies() {
            looks++;
            return zombies.entrySet().stream()
                    .map(each -> new ProcStat(
                            each.getKey(), "true", 'Z', 1, 1, 1, 0, 0, 0, 0, 1, each.getValue(), 0, Optional.empty()))
                    .toList();
        }

        @Override
        public void take(long pid) {
            zombies.remove(pid);
            taken.add(pid);
        }
    }
}
