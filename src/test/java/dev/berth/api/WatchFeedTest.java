package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.model.ObjectRef;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.StoredObject;
import dev.berth.store.ChangeSet;
import dev.berth.store.JournalRegistry;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoredSamples;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchFeedTest {
    private static final int LONG = 200_000;

    private final MemoryStore store = new MemoryStore();
    private JournalRegistry registry;
    private WatchFeed feed;

    @BeforeEach
    void open() throws Exception {
        registry = JournalRegistry.open(store, InstantSource.fixed(StoredSamples.NOON), () -> 0, Runnable::run);
        feed = new WatchFeed(registry, store, new ObjectMapper().findAndRegisterModules());
        registry.onCommit(feed::committed);
    }

    private static Service saying(Service service, char letter) {
        ServiceSpec spec = service.spec().toBuilder()
                .environment(Map.of("A", Character.toString(letter).repeat(LONG)))
                .build();
        return new Service(service.metadata(), spec, service.status());
    }

    private void changeOftenWithMuch(int times) throws Exception {
        Service service = StoredSamples.service("web");
        for (int i = 0; i < times; i++) {
            List<StoredObject> stored = registry.commit(ChangeSet.builder()
                    .put(saying(service, (char) ('a' + i % 26)))
                    .build());
            service = (Service) stored.get(0);
        }
    }

    @Test
    void memoryHasAsMuchAsItMayHoweverLongTheRowsAre() throws Exception {
        changeOftenWithMuch(200);
        assertThat(feed.rowsKept()).isBetween(1, WatchFeed.KEPT_LENGTH / LONG);

        registry.commit(ChangeSet.builder().put(StoredSamples.service("last")).build());
        assertThat(feed.rowsKept()).as("short ones stay beside long ones").isGreaterThan(1);
    }

    @Test
    void whoIsFarBehindIsToldEverythingInSmallPieces() throws Exception {
        changeOftenWithMuch(200);
        List<OptionalLong> told = new ArrayList<>();
        long version = 0;
        while (version < registry.resourceVersion()) {
            WatchFeed.Piece piece = feed.after(version, Set.of(ObjectRef.Kind.SERVICE), owner -> true);
            assertThat(piece.messages()).hasSizeBetween(1, (1 << 20) / LONG);
            piece.messages()
                    .forEach(message -> told.add(message.event().orElseThrow().id()));
            assertThat(piece.to()).isGreaterThan(version);
            version = piece.to();
        }
        assertThat(told).hasSize(200).doesNotHaveDuplicates();
    }
}
