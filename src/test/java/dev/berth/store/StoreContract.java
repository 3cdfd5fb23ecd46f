package dev.berth.store;

import static dev.berth.store.StoredSamples.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.Actor;
import dev.berth.model.AuditEntry;
import dev.berth.model.AuditRecord;
import dev.berth.model.Conflict;
import dev.berth.model.ObjectRef;
import dev.berth.model.Outcome;
import dev.berth.model.PortKey;
import dev.berth.model.ServiceKey;
import dev.berth.model.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every store keeps, whatever it keeps it in. Each test starts with an empty one. */
public abstract class StoreContract {

    private static final Instant LONG_AGO = Instant.parse("2001-01-01T00:00:00Z");

    /** The same store for the length of a test. */
    protected abstract Store store();

    @Test
    void anEmptyStoreIsWhole() throws Exception {
        assertThat(store().load()).isEqualTo(new Store.Loaded(List.of(), 0, Optional.empty()));
        assertThat(store().verifyAudit())
                .isEqualTo(new Store.AuditVerification(true, 0, OptionalLong.empty(), Optional.empty()));
        assertThat(store().audit(all(10))).isEmpty();
        assertThat(store().journalAfter(0, 10)).isEmpty();
        assertThat(store().journalDroppedTo()).isZero();
    }

    @Test
    void loadsWhatWasAppended() throws Exception {
        Log log = new Log();
        StoredSamples.oneOfEachKind().forEach(log::put);
        log.audit("one", NOON);
        log.append();
        assertThat(store().load())
                .isEqualTo(new Store.Loaded(
                        List.copyOf(log.latest.values()).stream()
                                .sorted((a, b) -> Long.compare(a.resourceVersion(), b.resourceVersion()))
                                .toList(),
                        StoredSamples.oneOfEachKind().size(),
                        log.head));
    }

    @Test
    void onlyTheLatestIsLoaded() throws Exception {
        Log log = new Log();
        log.put(StoredSamples.service("changed"));
        log.put(StoredSamples.service("deleted"));
        log.put(StoredSamples.service("anew"));
        log.put(StoredSamples.conflict("C1", "default/changed", 8000, NOON));
        log.append();
        StoredObject changed = log.put(StoredSamples.restarted(StoredSamples.service("changed")));
        log.delete(StoredSamples.service("deleted"));
        log.delete(StoredSamples.service("anew"));
        log.append();
        StoredObject anew = log.put(StoredSamples.restarted(StoredSamples.service("anew")));
        log.put(closed("C1", 8000, NOON));
        log.append();

        assertThat(store().load().objects()).containsExactlyInAnyOrder(changed, anew);
        assertThat(store().load().lastSeq()).isEqualTo(9);
    }

    @Test
    void theJournalTellsEveryChangeInOrder() throws Exception {
        Log log = new Log();
        log.put(StoredSamples.service("backend"));
        log.append();
        log.put(StoredSamples.restarted(StoredSamples.service("backend")));
        log.delete(StoredSamples.service("backend"));
        log.append();
        assertThat(store().journalAfter(0, 10)).isEqualTo(log.rows);
        assertThat(store().journalAfter(1, 1)).isEqualTo(log.rows.subList(1, 2));
        assertThat(store().journalAfter(3, 10)).isEmpty();
    }

    @Test
    void theChangesOfOneObjectBeginWithTheLastBeforeTheMoment() throws Exception {
        Log log = new Log();
        for (int i = 0; i < 4; i++) {
            log.at = NOON.plusSeconds(i);
            log.put(StoredSamples.restarted(StoredSamples.service("web")));
            log.put(StoredSamples.service("other"));
        }
        log.delete(StoredSamples.service("web"));
        log.append();
        List<Store.JournalRow> web = log.rows.stream()
                .filter(row -> row.ref().equals(ObjectRef.service(ServiceKey.parse("web"))))
                .toList();
        ObjectRef ref = ObjectRef.service(ServiceKey.parse("web"));

        assertThat(web).hasSize(5);
        assertThat(store().changes(ref, LONG_AGO, 100)).isEqualTo(web);
        assertThat(store().changes(ref, web.get(2).at(), 100))
                .as("how it was at the moment")
                .isEqualTo(web.subList(1, 5));
        assertThat(store().changes(ref, web.get(4).at().plusSeconds(1), 100)).isEqualTo(web.subList(4, 5));
        assertThat(store().changes(ref, LONG_AGO, 2)).as("the newest").isEqualTo(web.subList(3, 5));
        assertThat(store().changes(ObjectRef.service(ServiceKey.parse("never")), LONG_AGO, 100))
                .isEmpty();
    }

    @Test
    void numbersThatAreThereAreRefusedWithEverythingElse() throws Exception {
        Log log = new Log();
        log.put(StoredSamples.service("backend"));
        log.audit("one", NOON);
        Store.Batch batch = log.append();
        Store.Loaded before = store().load();

        assertThatThrownBy(() -> store().append(batch)).isInstanceOf(StoreException.class);
        Store.JournalRow fresh = new Store.JournalRow(
                2,
                ObjectRef.service(ServiceKey.parse("other")),
                Store.Change.ADDED,
                StoredSamples.service("other").withResourceVersion(2),
                NOON);
        assertThatThrownBy(() -> store().append(new Store.Batch(List.of(fresh), batch.audit())))
                .isInstanceOf(StoreException.class);
        assertThat(store().load()).isEqualTo(before);
        assertThat(store().journalAfter(0, 10)).hasSize(1);
    }

    @Test
    void theAuditLogIsReadNewestFirstByEveryCriterion() throws Exception {
        Log log = new Log();
        AuditRecord one = log.audit("one", NOON);
        AuditRecord two = log.audit(new AuditEntry(
                NOON.plusSeconds(1),
                Actor.CONTROLLER,
                "ProcessSignalled",
                new AuditEntry.Target("Process", Optional.empty(), "4711"),
                "",
                Outcome.INTENDED,
                "SIGTERM \u2192 4711\u0000\n'",
                Optional.of(ServiceKey.parse("shop/web")),
                Optional.of("C1"),
                Optional.of("A1")));
        AuditRecord three = log.audit("three", NOON.plusNanos(1_500_000_001L));
        log.append();

        assertThat(store().audit(all(10))).containsExactly(three, two, one);
        assertThat(store().audit(all(2))).containsExactly(three, two);
        assertThat(store().audit(query(Optional.of("default/backend"), "", "", "", Optional.empty(), 0)))
                .containsExactly(three, one);
        assertThat(store().audit(query(Optional.empty(), "berth", "", "", Optional.empty(), 0)))
                .containsExactly(two);
        assertThat(store().audit(query(Optional.empty(), "", "ProcessSignalled", "", Optional.empty(), 0)))
                .containsExactly(two);
        assertThat(store().audit(query(Optional.empty(), "", "", "C1", Optional.empty(), 0)))
                .containsExactly(two);
        assertThat(store().audit(query(Optional.empty(), "", "", "", Optional.of(NOON.plusSeconds(1)), 0)))
                .containsExactly(three, two);
        assertThat(store().audit(query(Optional.empty(), "", "", "", Optional.empty(), 3)))
                .containsExactly(two, one);
        assertThat(store().audit(query(Optional.of("shop/web"), "ann", "", "", Optional.empty(), 0)))
                .isEmpty();
        assertThat(store().verifyAudit())
                .isEqualTo(new Store.AuditVerification(true, 3, OptionalLong.empty(), Optional.empty()));
    }

    @Test
    void whatAUserDidByATokenIsTheirsToo() throws Exception {
        Log log = new Log();
        List<AuditRecord> records = Stream.of("ann", "ann (token ci)", "ann (token ci2)", "anna", "joann", "a%")
                .map(name -> log.audit(by(name)))
                .toList();
        log.append();
        assertThat(store().audit(query(Optional.empty(), "ann", "", "", Optional.empty(), 0)))
                .containsExactly(records.get(2), records.get(1), records.get(0));
        assertThat(store().audit(query(Optional.empty(), "ann (token ci)", "", "", Optional.empty(), 0)))
                .containsExactly(records.get(1));
        assertThat(store().audit(query(Optional.empty(), "a%", "", "", Optional.empty(), 0)))
                .containsExactly(records.get(5));
    }

    private static AuditEntry by(String actor) {
        return new AuditEntry(
                NOON,
                new Actor(Actor.Kind.USER, actor, OptionalLong.of(1000)),
                "Declared",
                new AuditEntry.Target("Service", Optional.of("ann"), "web"),
                "",
                Outcome.SUCCEEDED,
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void conflictsAreFoundOpenAndClosed() throws Exception {
        Log log = new Log();
        StoredObject old = log.put(closed("C1", 8000, NOON));
        log.put(StoredSamples.conflict("C2", "shop/web", 8001, NOON.plusSeconds(1)));
        log.append();
        StoredObject open = log.put(StoredSamples.conflict("C2", "shop/web", 8001, NOON.plusSeconds(1)));
        StoredObject newest = log.put(closed("C3", 8001, NOON.plusSeconds(2)));
        log.append();

        assertThat(conflicts("", 0, Optional.empty(), Optional.empty(), 10)).isEqualTo(List.of(newest, open, old));
        assertThat(store().conflict(old.ref().name())).contains((Conflict) old);
        assertThat(store().conflict(open.ref().name())).contains((Conflict) open);
        assertThat(store().conflict("nobody")).isEmpty();
        assertThat(conflicts("", 0, Optional.empty(), Optional.empty(), 1)).isEqualTo(List.of(newest));
        assertThat(conflicts("default/backend", 0, Optional.empty(), Optional.empty(), 10))
                .isEqualTo(List.of(newest, old));
        assertThat(conflicts("", 8001, Optional.empty(), Optional.empty(), 10)).isEqualTo(List.of(newest, open));
        assertThat(conflicts("", 0, Optional.of(Conflict.State.DETECTED), Optional.empty(), 10))
                .isEqualTo(List.of(open));
        assertThat(conflicts("", 0, Optional.empty(), Optional.of(NOON.plusSeconds(1)), 10))
                .isEqualTo(List.of(newest, open));
    }

    @Test
    void retentionByAgeKeepsWhatIsCurrentAndWhatIsYoung() throws Exception {
        Log log = new Log();
        log.at = LONG_AGO;
        StoredObject backend = log.put(StoredSamples.service("backend"));
        log.put(StoredSamples.service("deleted"));
        log.delete(StoredSamples.service("deleted"));
        log.put(closed("C1", 8000, LONG_AGO));
        StoredObject open = log.put(StoredSamples.conflict("C2", "default/backend", 8001, LONG_AGO));
        log.audit("old", LONG_AGO);
        log.audit("old too", LONG_AGO);
        log.append();
        log.at = NOON;
        log.put(StoredSamples.service("young"));
        StoredObject young = log.put(StoredSamples.restarted(StoredSamples.service("young")));
        AuditRecord kept = log.audit("young", NOON);
        log.append();

        assertThat(store().retain(NOON, 100)).isEqualTo(3 + 2);

        assertThat(store().load()).isEqualTo(new Store.Loaded(List.of(backend, open, young), 7, log.head));
        assertThat(store().journalAfter(0, 10))
                .extracting(Store.JournalRow::seq)
                .containsExactly(1L, 5L, 6L, 7L);
        assertThat(store().journalDroppedTo()).isEqualTo(4);
        assertThat(store().audit(all(10))).containsExactly(kept);
        assertThat(store().verifyAudit())
                .isEqualTo(new Store.AuditVerification(true, 1, OptionalLong.empty(), Optional.empty()));
        assertThat(store().retain(NOON, 100)).isZero();
    }

    @Test
    void retentionByCountKeepsTheNewest() throws Exception {
        Log log = new Log();
        for (int i = 0; i < 1500; i++) {
            log.put(StoredSamples.setting("ports.range", "from " + i));
            log.audit("change " + i, NOON);
        }
        log.append();
        assertThat(store().retain(LONG_AGO, 100)).isEqualTo(2 * 1400);
        assertThat(store().journalAfter(0, 1000)).hasSize(100);
        assertThat(store().audit(all(1000))).hasSize(100);
        assertThat(store().verifyAudit().valid()).isTrue();

        // What follows continues both.
        log.put(StoredSamples.setting("ports.range", "last"));
        log.audit("last", NOON);
        log.append();
        assertThat(store().verifyAudit().records()).isEqualTo(101);
        assertThat(store().retain(LONG_AGO, 0)).isEqualTo(100 + 101);
        assertThat(store().verifyAudit().valid()).isTrue();
        assertThat(store().load().lastSeq()).isEqualTo(1501);
        assertThat(store().load().objects()).hasSize(1);
    }

    @Test
    void aDeletedObjectStaysDeletedWhenItsLastRowGoes() throws Exception {
        Log log = new Log();
        log.put(StoredSamples.service("backend"));
        log.append();
        // The clock went back in between.
        log.at = LONG_AGO;
        log.delete(StoredSamples.service("backend"));
        log.append();
        store().retain(LONG_AGO.plusSeconds(1), 100);
        assertThat(store().load().objects()).isEmpty();
        store().retain(NOON.plusSeconds(1), 100);
        assertThat(store().load()).isEqualTo(new Store.Loaded(List.of(), 2, Optional.empty()));
        assertThat(store().journalAfter(0, 10)).isEmpty();
    }

    @Test
    void aClosedStoreRefuses() {
        Store store = store();
        store.close();
        assertThatThrownBy(store::load)
                .isInstanceOfSatisfying(
                        StoreException.class, why -> assertThat(why.kind()).isEqualTo(StoreException.Cause.CLOSED));
    }

    protected static Store.AuditQuery all(int limit) {
        return new Store.AuditQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                limit);
    }

    private static Store.AuditQuery query(
            Optional<String> service,
            String actor,
            String action,
            String conflict,
            Optional<Instant> since,
            long before) {
        return new Store.AuditQuery(
                service.map(ServiceKey::parse),
                given(actor),
                given(action),
                given(conflict),
                since,
                before == 0 ? OptionalLong.empty() : OptionalLong.of(before),
                10);
    }

    private static Optional<String> given(String text) {
        return Optional.of(text).filter(each -> !each.isEmpty());
    }

    private List<Conflict> conflicts(
            String service, int port, Optional<Conflict.State> state, Optional<Instant> since, int limit)
            throws StoreException {
        return store().conflicts(new Store.ConflictQuery(
                given(service).map(ServiceKey::parse),
                port == 0 ? Optional.empty() : Optional.of(PortKey.tcp(port)),
                state,
                since,
                limit));
    }

    private static Conflict closed(String id, int port, Instant at) {
        return StoredSamples.conflict(id, "default/backend", port, at).closed(Conflict.State.RESOLVED, at);
    }

    /** Numbers and chains rows as a registry does. */
    protected final class Log {
        private final Map<ObjectRef, StoredObject> latest = new HashMap<>();
        private final List<Store.JournalRow> rows = new ArrayList<>();
        private List<Store.JournalRow> pending = new ArrayList<>();
        private List<AuditRecord> pendingAudit = new ArrayList<>();
        private Optional<Store.AuditHead> head = Optional.empty();
        private Instant at = NOON;
        private long seq;

        StoredObject put(StoredObject object) {
            StoredObject numbered = object.withResourceVersion(++seq);
            boolean added = latest.put(object.ref(), numbered) == null;
            pending.add(new Store.JournalRow(
                    seq, object.ref(), added ? Store.Change.ADDED : Store.Change.MODIFIED, numbered, at));
            return numbered;
        }

        void delete(StoredObject object) {
            latest.remove(object.ref());
            pending.add(new Store.JournalRow(
                    ++seq, object.ref(), Store.Change.DELETED, object.withResourceVersion(seq), at));
        }

        AuditRecord audit(String detail, Instant when) {
            return audit(StoredSamples.audit(detail, when));
        }

        AuditRecord audit(AuditEntry entry) {
            AuditRecord next = AuditChain.append(head, entry);
            head = Optional.of(new Store.AuditHead(next.seq(), next.hash()));
            pendingAudit.add(next);
            return next;
        }

        Store.Batch append() throws StoreException {
            Store.Batch batch = new Store.Batch(pending, pendingAudit);
            store().append(batch);
            rows.addAll(pending);
            pending = new ArrayList<>();
            pendingAudit = new ArrayList<>();
            return batch;
        }
    }
}
