package dev.berth.store;

import static dev.berth.store.JournalRegistryTest.inline;
import static dev.berth.store.JournalRegistryTest.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import dev.berth.model.StoredObject;
import dev.berth.model.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every kind of change made to fail in every way: nothing half-done, nothing acknowledged lost, nothing refused that is there. */
class RegistryFailureTest {

    private static final List<StoreException.Cause> CAUSES =
            List.of(StoreException.Cause.BUSY, StoreException.Cause.FULL, StoreException.Cause.IO);

    private final MemoryStore store = new MemoryStore();
    private final AtomicLong nanos = new AtomicLong();
    private final JournalRegistry registry = inline(store, nanos::get);

    /** Every kind of change, made from objects that are there. */
    private static Map<String, ChangeSet> changes(List<StoredObject> there) {
        Map<String, ChangeSet> changes = new LinkedHashMap<>();
        StoredSamples.oneOfEachKind().forEach(object -> {
            StoredObject fresh = switch (object.ref().kind()) {
                case SERVICE -> StoredSamples.service("fresh");
                case RESERVATION -> StoredSamples.reservation(9999);
                case CONFLICT -> StoredSamples.conflict("C9", "default/fresh", 9999, StoredSamples.NOON);
                case EVICTION -> StoredSamples.eviction(9999);
                case SETTING -> StoredSamples.setting("fresh", "1");
                case TOKEN -> StoredSamples.token("fresh");
            };
            changes.put("adding a " + object.ref().kind().label(), put(fresh));
        });
        there.forEach(object -> {
            changes.put("changing the " + object.ref().kind().label(), put(changed(object)));
            changes.put(
                    "deleting the " + object.ref().kind().label(),
                    ChangeSet.builder().delete(object).build());
        });
        changes.put(
                "auditing",
                ChangeSet.builder().audit(StoredSamples.audit("only")).build());
        ChangeSet.Builder all = ChangeSet.builder().audit(StoredSamples.audit("all"));
        there.forEach(object -> all.put(changed(object)));
        changes.put("changing everything", all.build());
        return changes;
    }

    private static StoredObject changed(StoredObject object) {
        if (object instanceof Service service) {
            return StoredSamples.restarted(service);
        } else if (object instanceof Conflict conflict) {
            return conflict.closed(Conflict.State.RESOLVED, StoredSamples.NOON);
        } else if (object instanceof Reservation reservation) {
            return reservation.enforced(Reservation.Enforcement.HELD, Optional.empty());
        } else if (object instanceof Eviction eviction) {
            return eviction.entering(Eviction.Phase.WATCHING, StoredSamples.NOON);
        } else if (object instanceof Token token) {
            return StoredSamples.token(token.name(), Token.Scope.READ).withResourceVersion(token.resourceVersion());
        }
        return StoredSamples.setting(object.ref().name(), "changed").withResourceVersion(object.resourceVersion());
    }

    private record Case(String change, StoreException.Cause cause, MemoryStore.Moment moment, boolean forEver) {
        @Override
        public String toString() {
            return change + ", " + cause + " " + moment + " the write, " + (forEver ? "until healed" : "once");
        }
    }

    @TestFactory
    Stream<DynamicTest> nothingHalfDoneAndNothingAcknowledgedLost() {
        List<Case> cases = new ArrayList<>();
        for (String change : changes(StoredSamples.oneOfEachKind()).keySet()) {
            for (StoreException.Cause cause : CAUSES) {
                for (MemoryStore.Moment moment : MemoryStore.Moment.values()) {
                    cases.add(new Case(change, cause, moment, false));
                    cases.add(new Case(change, cause, moment, true));
                }
            }
        }
        return cases.stream().map(each -> DynamicTest.dynamicTest(each.toString(), () -> check(each)));
    }

    private static void check(Case one) throws Exception {
        MemoryStore store = new MemoryStore();
        JournalRegistry registry = inline(store, () -> 0);
        List<StoredObject> there =
                registry.commit(put(StoredSamples.oneOfEachKind().toArray(StoredObject[]::new)));
        ChangeSet change = changes(there).get(one.change());
        Store.Loaded before = store.load();
        List<Store.JournalRow> heard = new ArrayList<>();
        registry.onCommit(heard::addAll);
        if (one.forEver()) {
            store.failEveryAppend(one.moment(), one.cause());
        } else {
            store.failAppend(1, one.moment(), one.cause());
        }

        // What was written counts as written, whatever the store said; a lock that goes away is waited for.
        boolean written = one.moment() == MemoryStore.Moment.AFTER
                || (one.cause() == StoreException.Cause.BUSY && !one.forEver());
        if (written) {
            registry.commit(change);
            assertThat(store.load()).isNotEqualTo(before);
            assertThat(registry.writeTrouble()).isEmpty();
            assertThat(heard).hasSize(change.writes().size());
        } else {
            assertThatThrownBy(() -> registry.commit(change))
                    .isInstanceOfSatisfying(
                            StoreException.class, why -> assertThat(why.kind()).isEqualTo(one.cause()));
            assertThat(store.load()).isEqualTo(before);
            assertThat(registry.writeTrouble().orElseThrow()).contains(StoredSamples.NOON.toString());
            assertThat(heard).isEmpty();
        }
        sameAsOnDisk(registry, store);

        store.heal();
        if (!written) {
            // The same versions still hold: the failed attempt left no trace.
            registry.commit(change);
        }
        registry.commit(put(StoredSamples.service("afterwards")));
        assertThat(registry.writeTrouble()).isEmpty();
        sameAsOnDisk(registry, store);
        assertThat(store.verifyAudit().valid()).isTrue();
        assertThat(store.journalAfter(0, 1000))
                .extracting(Store.JournalRow::seq)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    private static void sameAsOnDisk(Registry memory, Store disk) {
        Registry reloaded = inline(disk, () -> 0);
        assertThat(memory.services()).isEqualTo(reloaded.services());
        assertThat(memory.openConflicts()).isEqualTo(reloaded.openConflicts());
        assertThat(memory.evictions()).isEqualTo(reloaded.evictions());
        assertThat(memory.reservations()).isEqualTo(reloaded.reservations());
        assertThat(memory.settingOverrides()).isEqualTo(reloaded.settingOverrides());
        assertThat(memory.resourceVersion()).isEqualTo(reloaded.resourceVersion());
    }

    @Test
    void aLockIsTriedAgainOnlySoOftenAndSoLong() {
        store.failEveryAppend(MemoryStore.Moment.BEFORE, StoreException.Cause.BUSY);
        assertThatThrownBy(() -> registry.commit(put(StoredSamples.service("backend"))))
                .isInstanceOf(StoreException.class);
        assertThat(store.appends()).isEqualTo(DurableMemory.MAX_ATTEMPTS);

        // Each attempt takes most of the time that a caller is willing to wait.
        store.injecting((moment, batch) -> {
            nanos.addAndGet(DurableMemory.BUSY_DEADLINE_NANOS * 3 / 4);
            throw new StoreException(StoreException.Cause.BUSY, "locked");
        });
        assertThatThrownBy(() -> registry.commit(put(StoredSamples.service("backend"))))
                .isInstanceOf(StoreException.class);
        assertThat(store.appends()).isEqualTo(DurableMemory.MAX_ATTEMPTS + 2);
    }

    @Test
    void aWriteWhoseFateCantBeReadIsSettledBeforeTheNext() throws Exception {
        List<Store.JournalRow> heard = new ArrayList<>();
        registry.onCommit(heard::addAll);
        store.failAppend(1, MemoryStore.Moment.AFTER, StoreException.Cause.IO);
        store.failReads(StoreException.Cause.IO);
        assertThatThrownBy(() -> registry.commit(put(StoredSamples.service("first"))))
                .isInstanceOf(StoreException.class);
        assertThat(registry.services()).as("nobody has seen it on disk").isEmpty();

        // While it can't be read nothing is written on top of it.
        long appends = store.appends();
        assertThatThrownBy(() -> registry.commit(put(StoredSamples.service("second"))))
                .isInstanceOf(StoreException.class);
        assertThat(store.appends()).isEqualTo(appends);
        assertThat(registry.writeTrouble()).isPresent();

        store.heal();
        registry.commit(put(StoredSamples.service("second")));
        assertThat(registry.services()).extracting(each -> each.key().name()).containsExactly("first", "second");
        assertThat(heard).extracting(Store.JournalRow::seq).containsExactly(1L, 2L);
        assertThat(registry.writeTrouble()).isEmpty();
    }

    @Test
    void troubleKeepsItsBeginningAndSaysWhatToDo() {
        store.failEveryAppend(MemoryStore.Moment.BEFORE, StoreException.Cause.FULL);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> registry.commit(put(StoredSamples.service("backend"))))
                    .isInstanceOf(StoreException.class);
        }
        assertThat(registry.writeTrouble().orElseThrow())
                .startsWith("Berth can't write its memory since 2025-06-01T12:00:00Z: ")
                .contains("Free space");
    }

    @Test
    void aStaleChangeIsStaleAlsoWhileTheDiskIsFull() throws Exception {
        StoredObject first =
                registry.commit(put(StoredSamples.service("backend"))).get(0);
        registry.commit(put(StoredSamples.restarted((Service) first)));
        store.failEveryAppend(MemoryStore.Moment.BEFORE, StoreException.Cause.FULL);
        assertThatThrownBy(() -> registry.commit(put(StoredSamples.restarted((Service) first))))
                .isInstanceOf(StaleVersionException.class);
    }

    @Test
    void aDefectInTheStoreIsToldToTheCaller() {
        store.injecting((moment, batch) -> {
            throw new IllegalStateException("a defect");
        });
        assertThatThrownBy(() -> registry.commit(put(StoredSamples.service("backend"))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("a defect");
        store.heal();
        assertThatCode(() -> registry.commit(put(StoredSamples.service("backend"))))
                .doesNotThrowAnyException();
    }

    @Test
    void aCrashInTheMiddleLeavesTheStoreWholeAndTheRegistryUsable() throws Exception {
        for (MemoryStore.Moment moment : MemoryStore.Moment.values()) {
            store.crashAppend(1, moment, new OutOfMemoryError("made to crash"));
            assertThatThrownBy(() -> registry.commit(put(StoredSamples.service("during-" + moment.ordinal()))))
                    .isInstanceOf(OutOfMemoryError.class);
            store.heal();
            registry.commit(put(StoredSamples.service("after-" + moment.ordinal())));
            sameAsOnDisk(registry, store);
        }
        assertThat(registry.services())
                .extracting(each -> each.key().name())
                .containsExactly("after-0", "after-1", "during-1");
    }

    @Test
    void memoryFollowsTheDiskWhenSomebodyElseWroteThere() throws Exception {
        registry.commit(put(StoredSamples.service("ours")));
        inline(store, () -> 0).commit(put(StoredSamples.service("theirs")));
        assertThatThrownBy(() -> registry.commit(put(StoredSamples.service("more"))))
                .isInstanceOfSatisfying(
                        StoreException.class, why -> assertThat(why.kind()).isEqualTo(StoreException.Cause.CORRUPT));
        sameAsOnDisk(registry, store);
        assertThat(registry.services()).hasSize(2);
    }
}
