package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** On counts that a test can set: which looks may be left out. */
class SocketChangesTest {
    private Optional<SocketCounts> counts = counts(1);
    private boolean destroyed;
    private long now = 1;
    private final SocketChanges changes = new SocketChanges(
            () -> counts,
            () -> {
                boolean was = destroyed;
                destroyed = false;
                return was;
            },
            () -> {});

    private static Optional<SocketCounts> counts(long tcp) {
        return Optional.of(new SocketCounts(tcp, 0, 0, 0, tcp, tcp));
    }

    private void look(boolean changed) {
        changes.lookBegins();
        changes.lookEnded(now, changed);
    }

    private boolean arePossible() {
        return changes.arePossible(now);
    }

    @Test
    void beforeTheFirstLookEverythingIsPossible() {
        assertThat(arePossible()).isTrue();
    }

    @Test
    void aLookIsLeftOutUntilACountDiffersOrASocketIsDestroyed() {
        look(true);
        assertThat(arePossible()).isFalse();

        counts = counts(2);
        assertThat(arePossible()).isTrue();
        look(true);
        assertThat(arePossible()).isFalse();

        destroyed = true;
        assertThat(arePossible()).isTrue();
        assertThat(arePossible()).as("until there was a look").isTrue();
        look(false);
        assertThat(arePossible()).isFalse();
    }

    @Test
    void whatHappensDuringALookIsTheNextOnes() {
        look(true);

        changes.lookBegins();
        counts = counts(2);
        changes.lookEnded(now, true);
        assertThat(arePossible()).isTrue();

        look(false);
        changes.lookBegins();
        destroyed = true;
        changes.lookEnded(now, true);
        assertThat(arePossible()).isTrue();
        look(false);
        assertThat(arePossible()).as("none of it was without a word").isFalse();
    }

    @Test
    void aLookIsNeverLongAgo() {
        look(true);
        now += SocketChanges.LOOK_ANYWAY_NANOS - 1;
        assertThat(arePossible()).isFalse();
        now++;
        assertThat(arePossible()).isTrue();
    }

    @Test
    void afterALookThatFailedTheNextIsMade() {
        look(true);
        changes.lookBegins();

        assertThat(arePossible()).isTrue();
    }

    @Test
    void whereTheCountsCanNotBeReadEveryLookIsMade() {
        counts = Optional.empty();
        look(true);

        assertThat(arePossible()).isTrue();
    }

    @Test
    void aChangeThatNothingToldOfHasEveryLookMadeForAWhile() {
        look(true);
        now += SocketChanges.LOOK_ANYWAY_NANOS;
        look(true);

        now += SocketChanges.DISTRUST_NANOS - 1;
        look(false);
        assertThat(arePossible()).isTrue();
        now++;
        assertThat(arePossible()).isFalse();
    }

    @Test
    void onceClosedNothingIsLeftOut() {
        look(true);
        changes.close();

        assertThat(arePossible()).isTrue();
    }
}
