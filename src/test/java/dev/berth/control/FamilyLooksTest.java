package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.ExitStatus;
import dev.berth.host.ProcessControl;
import dev.berth.host.ProcessTable;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.Launch;
import dev.berth.model.ProcessRef;
import dev.berth.model.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every process is read only where somebody is left of whom it can tell more. */
class FamilyLooksTest {
    private static final ProcessRef LEADER = new ProcessRef(100, 1, "boot");
    private static final ProcessRef CHILD = new ProcessRef(101, 2, "boot");
    private static final Run RUN = Run.NONE.withLaunch(Optional.of(new Launch(
            "launch", Launch.Step.SERVICE, OptionalInt.of(8000), "fingerprint", Optional.empty(), Instant.EPOCH)));

    private final Table table = new Table();
    private final Set<ProcessRef> living = new HashSet<>();
    private final FamilyLooks looks = new FamilyLooks(table, new Living());

    private static ProcessTable.Entry entry(ProcessRef process, long parent, Optional<String> launch) {
        return new ProcessTable.Entry(process, parent, 100, 100, launch);
    }

    @Test
    void nobodyIsReadWhereNothingOfTheLaunchLives() throws Exception {
        assertThat(looks.of(LEADER, RUN, List.of(CHILD))).isEmpty();
        assertThat(table.reads).isZero();
    }

    @Test
    void aChildWithTheMarkerIsFoundAfterItsParentEnded() throws Exception {
        living.add(CHILD);
        table.entries.add(entry(CHILD, 1, Optional.of("launch")));

        assertThat(looks.of(LEADER, RUN, List.of())).containsExactly(CHILD);
    }

    @Test
    void aChildWithoutTheMarkerIsFoundThroughWhoLives() throws Exception {
        living.addAll(List.of(LEADER, CHILD));
        table.entries.add(entry(LEADER, 1, Optional.empty()));
        table.entries.add(entry(CHILD, 100, Optional.empty()));

        assertThat(looks.of(LEADER, RUN, List.of())).containsExactly(LEADER, CHILD);
        living.remove(LEADER);
        table.entries.remove(0);
        assertThat(looks.of(LEADER, RUN, List.of(CHILD))).containsExactly(CHILD);
    }

    @Test
    void anAdoptedProcessHasNoMarkerToAskFor() throws Exception {
        assertThat(looks.of(LEADER, Run.NONE, List.of())).isEmpty();
        assertThat(table.reads).isEqualTo(1);
    }

    @Test
    void aLookOfLateIsEnoughForWhoSaysSo() throws Exception {
        living.addAll(List.of(LEADER, CHILD));
        table.entries.add(entry(LEADER, 1, Optional.of("launch")));
        assertThat(looks.lately(LEADER, RUN, List.of(), Duration.ofMillis(20))).containsExactly(LEADER);
        table.entries.add(entry(CHILD, 100, Optional.of("launch")));

        assertThat(looks.lately(LEADER, RUN, List.of(), Duration.ofMillis(20))).containsExactly(LEADER);
        assertThat(looks.of(LEADER, RUN, List.of())).containsExactly(LEADER, CHILD);
        living.remove(LEADER);
        assertThat(looks.lately(LEADER, RUN, List.of(CHILD), Duration.ofMillis(20)))
                .as("who ended since is none of them")
                .containsExactly(CHILD);
    }

    private static final class Table implements ProcessTable {
        private final List<Entry> entries = new ArrayList<>();
        private int reads;
        private List<Entry> latest = List.of();

        @Override
        public List<Entry> read() {
            reads++;
            latest = List.copyOf(entries);
            return latest;
        }

        @Override
        public List<Entry> read(Duration maxAge) {
            return latest.isEmpty() ? read() : latest;
        }

        @Override
        public boolean isAnyOf(String launch) {
            return entries.stream().anyMatch(entry -> entry.launch().equals(Optional.of(launch)));
        }
    }

    private final class Living implements ProcessControl {
        @Override
        public SignalResult signal(ProcessRef process, Set<Long> inodes, Signal signal) {
            throw new AssertionError("nobody is to be signalled");
        }

        @Override
        public Liveness liveness(ProcessRef process) {
            return living.contains(process) ? Liveness.ALIVE : Liveness.GONE;
        }

        @Override
        public Watch onExit(ProcessRef process, Runnable callback) {
            throw new AssertionError("nobody is to be watched");
        }

        @Override
        public Optional<ExitStatus> exitStatus(ProcessRef process) {
            return Optional.empty();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
