package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On facts of this very process, with a reader between that tells what was asked and what it answers. */
class FactsCacheTest {
    private static final long PID = ProcessHandle.current().pid();

    private final Answers reader = new Answers();
    private final FactsCache cache = new FactsCache(reader);
    private final List<ProcessRef> gone = new ArrayList<>();

    @BeforeAll
    static void linux() {
        Tools.requireLinux();
    }

    @BeforeEach
    void aKnownProcess() {
        assertThat(cache.identify(PID, 0)).contains(reader.facts.ref());
        reader.reads = 0;
    }

    @Test
    void whatDidNotChangeIsNotReadAgainForFiveMinutes() {
        refreshEvery(Duration.ofSeconds(1), Duration.ofSeconds(299));
        assertThat(reader.reads).isZero();
        assertThat(reader.glances).isBetween(28, 31);

        refreshEvery(Duration.ofSeconds(300), Duration.ofSeconds(320));

        assertThat(reader.reads).isEqualTo(1);
        assertThat(gone).isEmpty();
    }

    /** Looks at a settled machine are two seconds apart, or a moment less. */
    @Test
    void seventyComeRoundInTenSeconds() {
        reader.anybody = true;
        // Beside the one that is known.
        for (long pid = PID + 1; pid < PID + 70; pid++) {
            assertThat(cache.identify(pid, 0)).isPresent();
        }
        reader.glances = 0;

        refreshEvery(Duration.ofMillis(1999), Duration.ofSeconds(19));

        assertThat(reader.glances).isEqualTo(70);
    }

    @Test
    void anotherProgramIsReadAtTheNextGlance() {
        cache.takeChanged();
        reader.facts = renamed(reader.facts, "another");
        reader.change = glance -> new ProcessReader.Glance(
                glance.ref(), "another", glance.parent(), glance.processGroup(), glance.session(), glance.stackStart());

        refreshEvery(Duration.ofSeconds(1), Duration.ofSeconds(11));

        assertThat(reader.reads).isEqualTo(1);
        assertThat(cache.takeChanged()).isTrue();
        assertThat(cache.facts().get(reader.facts.ref()))
                .extracting(ProcessFacts::comm)
                .isEqualTo("another");
    }

    @Test
    void anotherProgramOfTheSameNameIsReadAtTheNextGlance() {
        reader.change = glance -> new ProcessReader.Glance(
                glance.ref(),
                glance.comm(),
                glance.parent(),
                glance.processGroup(),
                glance.session(),
                glance.stackStart() + 4096);

        refreshEvery(Duration.ofSeconds(1), Duration.ofSeconds(11));
        assertThat(reader.reads).isEqualTo(1);

        refreshEvery(Duration.ofSeconds(12), Duration.ofSeconds(60));
        assertThat(reader.reads).isEqualTo(1);
    }

    @Test
    void anothersChildIsReadAtTheNextGlance() {
        reader.change = glance -> new ProcessReader.Glance(
                glance.ref(),
                glance.comm(),
                glance.parent() + 1,
                glance.processGroup(),
                glance.session(),
                glance.stackStart());

        refreshEvery(Duration.ofSeconds(1), Duration.ofSeconds(11));

        assertThat(reader.reads).isEqualTo(1);
    }

    /** What it has read of those above once is of that look, and no later one relies on it. */
    @Test
    void eachLookReadsForItself() {
        int before = reader.looks;

        cache.begin();
        cache.begin();

        assertThat(reader.looks - before).isEqualTo(2);
    }

    @Test
    void oneThatHasGoneIsToldAndForgotten() {
        reader.present = false;

        refreshEvery(Duration.ofSeconds(1), Duration.ofSeconds(11));

        assertThat(gone).containsExactly(reader.facts.ref());
        assertThat(cache.facts()).isEmpty();
    }

    private void refreshEvery(Duration step, Duration until) {
        for (Duration at = step; at.compareTo(until) <= 0; at = at.plus(step)) {
            cache.refresh(at.toNanos(), gone::add);
        }
    }

    private static ProcessRef anybody(long pid) {
        return new ProcessRef(pid, 1, "boot");
    }

    private static ProcessFacts renamed(ProcessFacts facts, String comm) {
        return copy(facts, facts.ref(), comm);
    }

    private static ProcessFacts copy(ProcessFacts facts, ProcessRef ref, String comm) {
        return new ProcessFacts(
                ref,
                facts.user(),
                comm,
                facts.commandLine(),
                facts.executable(),
                facts.workingDirectory(),
                facts.startedAt(),
                facts.processGroup(),
                facts.session(),
                facts.ancestors(),
                facts.kernelThread(),
                facts.marker(),
                facts.origin());
    }

    private static final class Answers implements ProcessReader {
        private final ProcessReader real;
        private ProcessFacts facts;
        private UnaryOperator<Glance> change = UnaryOperator.identity();
        private boolean present = true;
        /** There is a process of each number, all alike. */
        private boolean anybody;

        private int reads;
        private int glances;
        private int looks;

        @Override
        public ProcessReader forOneLook() {
            looks++;
            return this;
        }

        Answers() {
            try {
                real = new ProcfsProcessReader(System::nanoTime);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            facts = real.read(PID).orElseThrow();
        }

        @Override
        public Optional<ProcessFacts> read(long pid) {
            reads++;
            if (anybody) {
                return Optional.of(copy(facts, anybody(pid), facts.comm()));
            }
            return present ? Optional.of(facts) : Optional.empty();
        }

        @Override
        public Optional<ProcessRef> identify(long pid) {
            return present ? real.identify(pid) : Optional.empty();
        }

        @Override
        public Optional<Glance> glance(long pid) {
            glances++;
            if (anybody) {
                long parent = facts.ancestors().isEmpty()
                        ? 0
                        : facts.ancestors().get(0).ref().pid();
                return Optional.of(
                        new Glance(anybody(pid), facts.comm(), parent, facts.processGroup(), facts.session(), 0));
            }
            return present ? real.glance(pid).map(change) : Optional.empty();
        }
    }
}
