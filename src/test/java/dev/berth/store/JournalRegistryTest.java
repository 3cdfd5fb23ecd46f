package dev.berth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.StoredObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class JournalRegistryTest {

    private static final ServiceKey BACKEND = ServiceKey.parse("backend");

    private final MemoryStore store = new MemoryStore();
    private final JournalRegistry registry = inline(store, () -> 0);

    static JournalRegistry inline(Store store, LongSupplier nanos) {
        try {
            return JournalRegistry.open(store, InstantSource.fixed(StoredSamples.NOON), nanos, Runnable::run);
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    static ChangeSet put(StoredObject... objects) {
        ChangeSet.Builder changes = ChangeSet.builder();
        for (StoredObject object : objects) {
            changes.put(object);
        }
        return changes.build();
    }

    @Test
    void whatIsCommittedIsCurrentAndOnDisk() throws Exception {
        List<StoredObject> written =
                registry.commit(put(StoredSamples.oneOfEachKind().toArray(StoredObject[]::new)));

        assertThat(written).extracting(StoredObject::resourceVersion).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(registry.resourceVersion()).isEqualTo(6);
        for (Registry each : List.of(registry, inline(store, () -> 0))) {
            assertThat(each.service(BACKEND)).contains((Service) written.get(0));
            assertThat(each.reservations()).isEqualTo(List.of(written.get(1)));
            assertThat(each.openConflicts()).isEqualTo(List.of(written.get(2)));
            assertThat(each.conflict("C1")).contains((Conflict) written.get(2));
            assertThat(each.eviction(PortKey.tcp(8000))).contains((Eviction) written.get(3));
            assertThat(each.settingOverrides()).isEqualTo(List.of(written.get(4)));
            assertThat(each.tokens()).isEqualTo(List.of(written.get(5)));
            assertThat(each.resourceVersion()).isEqualTo(6);
        }
    }

    @Test
    void servicesAreListedByAge() throws Exception {
        registry.commit(put(
                StoredSamples.service("youngest", StoredSamples.NOON.plusSeconds(2)),
                StoredSamples.service("b"),
                StoredSamples.service("a"),
                StoredSamples.service("oldest", StoredSamples.NOON.minusSeconds(1))));
        assertThat(registry.services())
                .extracting(service -> service.key().name())
                .containsExactly("oldest", "a", "b", "youngest");
    }

    @Test
    void aPutThatChangesNothingWritesNothing() throws Exception {
        Service written =
                (Service) registry.commit(put(StoredSamples.service("backend"))).get(0);
        long appends = store.appends();

        assertThat(registry.commit(put(written))).containsExactly(written);
        assertThat(store.appends()).isEqualTo(appends);
        assertThat(registry.resourceVersion()).isEqualTo(written.resourceVersion());
    }

    @Test
    void anAuditRecordNeedsNoObject() throws Exception {
        assertThat(registry.commit(
                        ChangeSet.builder().audit(StoredSamples.audit("looked")).build()))
                .isEmpty();
        assertThat(store.verifyAudit().records()).isEqualTo(1);
        assertThat(registry.resourceVersion()).isZero();
    }

    @Test
    void anEmptyChangeSetIsNoWrite() throws Exception {
        assertThat(registry.commit(ChangeSet.builder().build())).isEmpty();
        assertThat(store.appends()).isZero();
    }

    @Test
    void aStaleVersionChangesNothing() throws Exception {
        Service first =
                (Service) registry.commit(put(StoredSamples.service("backend"))).get(0);
        Service second =
                (Service) registry.commit(put(StoredSamples.restarted(first))).get(0);

        ChangeSet stale = ChangeSet.builder()
                .put(StoredSamples.service("other"))
                .put(StoredSamples.restarted(first))
                .audit(StoredSamples.audit("never"))
                .build();
        assertThatThrownBy(() -> registry.commit(stale)).isInstanceOfSatisfying(StaleVersionException.class, why -> {
            assertThat(why.ref()).isEqualTo(first.ref());
            assertThat(why.expected()).isEqualTo(first.resourceVersion());
            assertThat(why.found()).isEqualTo(OptionalLong.of(second.resourceVersion()));
        });
        assertThat(registry.services()).containsExactly(second);
        assertThat(store.verifyAudit().records()).isZero();

        assertThatThrownBy(() -> registry.commit(put(StoredSamples.service("backend"))))
                .as("version 0 means that it must not be there")
                .isInstanceOf(StaleVersionException.class);
        assertThatThrownBy(
                        () -> registry.commit(put(StoredSamples.service("ghost").withResourceVersion(2))))
                .isInstanceOf(StaleVersionException.class);
        assertThatThrownBy(
                        () -> registry.commit(ChangeSet.builder().delete(first).build()))
                .isInstanceOf(StaleVersionException.class);
        assertThat(registry.resourceVersion()).isEqualTo(second.resourceVersion());
    }

    @Test
    void aDeletedObjectIsGoneAndMayBeMadeAnew() throws Exception {
        StoredObject written =
                registry.commit(put(StoredSamples.service("backend"))).get(0);
        assertThat(registry.commit(ChangeSet.builder().delete(written).build())).isEmpty();
        assertThat(registry.service(BACKEND)).isEmpty();
        assertThat(registry.services()).isEmpty();

        StoredObject again =
                registry.commit(put(StoredSamples.service("backend"))).get(0);
        assertThat(again.resourceVersion()).isEqualTo(3);
        assertThat(store.journalAfter(0, 10))
                .extracting(Store.JournalRow::change)
                .containsExactly(Store.Change.ADDED, Store.Change.DELETED, Store.Change.ADDED);
    }

    @Test
    void aClosedConflictBecomesHistory() throws Exception {
        Conflict open = (Conflict)
                registry.commit(put(StoredSamples.conflict("C1", "default/backend", 8000, StoredSamples.NOON)))
                        .get(0);
        registry.commit(put(open.closed(Conflict.State.RESOLVED, StoredSamples.NOON.plusSeconds(1))));

        assertThat(registry.openConflicts()).isEmpty();
        assertThat(registry.conflict("C1")).isEmpty();
        assertThat(inline(store, () -> 0).openConflicts()).isEmpty();
    }

    @Test
    void listenersHearOfEachCommitAfterIt() throws Exception {
        List<String> heard = new ArrayList<>();
        registry.onCommit(rows -> rows.forEach(row -> heard.add(
                row.change() + " " + row.ref() + " at " + row.seq() + ", now " + registry.resourceVersion())));
        StoredObject written =
                registry.commit(put(StoredSamples.service("backend"))).get(0);
        registry.commit(put(written));
        registry.commit(
                ChangeSet.builder().audit(StoredSamples.audit("no object")).build());
        registry.commit(ChangeSet.builder().delete(written).build());
        assertThat(heard)
                .containsExactly(
                        "ADDED Service default/backend at 1, now 1", "DELETED Service default/backend at 2, now 2");
    }

    @Test
    void aListenerThatFailsIsHeardOfAndUndoesNothing() throws Exception {
        registry.onCommit(rows -> {
            throw new IllegalStateException("listener");
        });
        List<String> heard = new ArrayList<>();
        registry.onCommit(rows -> heard.add("second"));
        // Inline the writer's thread is ours, so its failure reaches us.
        assertThatThrownBy(() -> registry.commit(put(StoredSamples.service("backend"))))
                .hasMessage("listener");
        assertThat(registry.service(BACKEND)).isPresent();
        assertThat(heard).containsExactly("second");
    }

    @Test
    void aListenerThatWritesIsToldInsteadOfWaitingForItself() {
        registry.onCommit(rows -> {
            try {
                registry.commit(put(StoredSamples.service("other")));
            } catch (StoreException | StaleVersionException e) {
                throw new AssertionError(e);
            }
        });
        assertThatThrownBy(() -> registry.commit(put(StoredSamples.service("backend"))))
                .hasMessageContaining("listener");
    }

    @Test
    void aClosedRegistryTakesNothing() throws Exception {
        registry.commit(put(StoredSamples.service("backend")));
        registry.close();
        registry.close();
        assertThatThrownBy(() -> registry.commit(put(StoredSamples.service("other"))))
                .isInstanceOfSatisfying(
                        StoreException.class, why -> assertThat(why.kind()).isEqualTo(StoreException.Cause.CLOSED));
        assertThat(registry.services()).hasSize(1);
    }

    @Test
    void aChangeSetNamesEachObjectOnce() {
        StoredObject service = StoredSamples.service("backend");
        assertThatThrownBy(() -> new ChangeSet(
                        List.of(new ChangeSet.Put(service), new ChangeSet.Delete(service.ref(), 0)), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
