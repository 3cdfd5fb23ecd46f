package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.model.Caller;
import dev.berth.model.User;
import dev.berth.store.JournalRegistry;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoredSamples;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchesTest {
    private static final Caller ANN = Caller.plain(User.of(1000, "ann"));
    private static final Caller BEN = Caller.plain(User.of(1001, "ben"));
    private static final Caller ROOT = Caller.plain(User.of(0, "root"));

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
    private final Set<Caller> dismissed = new HashSet<>();
    private final AtomicInteger hungUp = new AtomicInteger();
    private Watches watches;

    @BeforeEach
    void open() throws Exception {
        MemoryStore store = new MemoryStore();
        JournalRegistry registry =
                JournalRegistry.open(store, InstantSource.fixed(StoredSamples.NOON), () -> 0, Runnable::run);
        watches = new Watches(
                registry, store, new ObjectMapper(), executor, () -> 0, caller -> !dismissed.contains(caller));
    }

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    private void watch(Caller by) throws Exception {
        watches.watch(WatchFeed.KINDS, OptionalLong.empty(), by, owner -> true, hungUp::incrementAndGet)
                .subscribe()
                .with(item -> {});
    }

    @Test
    void oneUserHasNoMoreThanAPartOfThePlaces() throws Exception {
        for (int i = 0; i < Watches.MOST / 4; i++) {
            watch(ANN);
        }
        assertThatThrownBy(() -> watch(ANN)).hasMessageContaining("64 clients watch for you");
        watch(BEN);
        for (int i = watches.count(); i < Watches.MOST; i++) {
            watch(ROOT);
        }
        assertThatThrownBy(() -> watch(ROOT)).hasMessageContaining("256 clients watch already");
    }

    @Test
    void aWatchEndsWithTheRightsItsUserCameWith() throws Exception {
        watch(ANN);
        watch(ANN);
        watch(BEN);
        watches.review();
        assertThat(hungUp).hasValue(0);

        dismissed.add(ANN);
        watches.review();
        assertThat(hungUp).hasValue(2);
        assertThat(watches.count()).isEqualTo(1);
    }
}
