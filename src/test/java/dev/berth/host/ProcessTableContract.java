package dev.berth.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.host.ProcessTable.Entry;
import dev.berth.model.ProcessRef;
import dev.berth.testing.Children;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link ProcessTable} promises, on processes of this machine. */
@Timeout(120)
public abstract class ProcessTableContract {

    protected final Children children = new Children();
    private ProcessTable table;

    protected abstract ProcessTable create() throws Exception;

    /** The process that has this pid now, as others of the same system know it. */
    protected abstract ProcessRef ref(long pid);

    @BeforeEach
    void createTable() throws Exception {
        table = create();
    }

    @AfterEach
    void endChildren() {
        children.close();
        table.close();
    }

    protected final ProcessTable table() {
        return table;
    }

    @Test
    void hasThisVeryProcess() throws Exception {
        ProcessHandle self = ProcessHandle.current();

        Entry entry = entry(self.pid()).orElseThrow();

        assertThat(entry.ref()).isEqualTo(ref(self.pid()));
        assertThat(entry.parent()).isEqualTo(self.parent().orElseThrow().pid());
        assertThat(entry.launch()).isEmpty();
    }

    @Test
    void tellsToWhichLaunchAProcessBelongs() throws Exception {
        Process marked = children.start(Children.IDLE, Map.of("A", "1", "BERTH_LAUNCH", "launch-1", "Z", "2"));
        Process other = children.start(Children.IDLE, Map.of("NOT_BERTH_LAUNCH", "launch-1"));

        // Between fork and exec they show the environment of this process.
        await().until(() -> entry(marked.pid()).orElseThrow().launch().equals(Optional.of("launch-1")));
        assertThat(entry(marked.pid()).orElseThrow().parent())
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(entry(other.pid()).orElseThrow().launch()).isEmpty();
    }

    @Test
    void whatBecomesOfAYoungProcessIsSeen() throws Exception {
        // As between fork and exec: the same process, first without and then with its marker.
        Children.Ready young = children.startReady(
                List.of("sh", "-c", "echo ready; read -r line; exec env BERTH_LAUNCH=launch-2 sleep 1000"));
        assertThat(entry(young.process().pid()).orElseThrow().launch()).isEmpty();
        assertThat(table.isAnyOf("launch-2")).isFalse();

        young.process().getOutputStream().write('\n');
        young.process().getOutputStream().flush();

        await().until(() -> table.isAnyOf("launch-2"));
        await().until(() -> entry(young.process().pid()).orElseThrow().launch().equals(Optional.of("launch-2")));
    }

    @Test
    void tellsWhetherALaunchLives() throws Exception {
        assertThat(table.isAnyOf("launch-4")).isFalse();
        Process first = children.start(Children.IDLE, Map.of("BERTH_LAUNCH", "launch-4"));
        Process second = children.start(Children.IDLE, Map.of("BERTH_LAUNCH", "launch-4"));
        children.start(Children.IDLE, Map.of("BERTH_LAUNCH", "launch-40"));

        await().until(() -> table.isAnyOf("launch-4"));
        assertThat(table.isAnyOf("launch-")).isFalse();

        Children.end(first);
        await().until(() -> table.isAnyOf("launch-4"));

        Children.end(second);
        assertThat(table.isAnyOf("launch-4")).isFalse();
        await().until(() -> table.isAnyOf("launch-40"));
    }

    @Test
    void aLaunchOfWhichOnlyAZombieIsLeftDoesNotLive() throws Exception {
        Children.Ready parent =
                children.startReady(List.of("sh", "-c", "BERTH_LAUNCH=launch-5 sleep 1000 & echo $!; exec sleep 1000"));
        long zombie = Long.parseLong(parent.line());
        await().until(() -> table.isAnyOf("launch-5"));

        ProcessHandle.of(zombie).orElseThrow().destroyForcibly();

        await().until(() -> !table.isAnyOf("launch-5"));
        assertThat(parent.process().isAlive()).isTrue();
    }

    @Test
    void whatHasEndedIsNotThere() throws Exception {
        Process child = children.start(Children.IDLE);
        assertThat(entry(child.pid())).isPresent();
        Children.end(child);

        assertThat(entry(child.pid())).isEmpty();
    }

    @Test
    void zombiesAreLeftOut() throws Exception {
        Children.Ready parent = children.startReady(List.of("sh", "-c", "sleep 1000 & echo $!; exec sleep 1000"));
        long zombie = Long.parseLong(parent.line());
        await().until(() -> ProcessHandle.of(parent.process().pid())
                .flatMap(handle -> handle.info().command())
                .filter(command -> command.endsWith("sleep"))
                .isPresent());
        assertThat(entry(zombie)).isPresent();

        ProcessHandle.of(zombie).orElseThrow().destroyForcibly();

        await().until(() -> entry(zombie).isEmpty());
        assertThat(entry(parent.process().pid())).isPresent();
    }

    /** Whoever asks gets a look that began after it asked, however many ask at the same time. */
    @Test
    void everyAskerSeesWhatItStartedBefore() {
        ExecutorService askers = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<Void>> asked = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                asked.add(CompletableFuture.runAsync(this::startAndSee, askers));
            }
            asked.forEach(CompletableFuture::join);
        } finally {
            askers.shutdownNow();
        }
    }

    private void startAndSee() {
        Process child = children.start(Children.IDLE);
        assertThat(entry(child.pid())).isPresent();
    }

    protected final Optional<Entry> entry(long pid) {
        try {
            return table.read().stream()
                    .filter(entry -> entry.ref().pid() == pid)
                    .findFirst();
        } catch (ObservationException e) {
            throw new AssertionError(e);
        }
    }
}
