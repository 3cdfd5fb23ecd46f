package dev.berth.sim;

import dev.berth.model.AuditEntry;
import dev.berth.model.AuditRecord;
import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.ObjectRef;
import dev.berth.model.Outcome;
import dev.berth.model.PortKey;
import dev.berth.model.Reservation;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.StoredObject;
import dev.berth.store.AuditChain;
import dev.berth.store.Store;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads every row as it reaches the disk, and holds what must be true of what is stored after each write. */
final class Ledger {
    private final Trace trace;
    private final Map<ObjectRef, StoredObject> objects = new LinkedHashMap<>();
    private final Map<String, AuditEntry> openActs = new TreeMap<>();
    private final Set<String> closedActs = new HashSet<>();
    private final Set<String> detected = new HashSet<>();
    private final Set<String> resolved = new HashSet<>();
    private final List<String> undetected = new ArrayList<>();
    private Optional<Store.AuditHead> head = Optional.empty();
    private long lastSeq;
    private long writes;
    private EvictionWitness evictions = eviction -> {};
    private ServiceWitness services = (before, after) -> {};
    private Runnable written = () -> {};

    /** Told of every eviction at the moment at which it is first stored. */
    interface EvictionWitness {
        void begun(Eviction eviction);
    }

    /** Told of every change of a service at the moment at which it is stored. */
    interface ServiceWitness {
        void changed(Optional<Service> before, Optional<Service> after);
    }

    Ledger(Trace trace) {
        this.trace = trace;
    }

    void watchServices(ServiceWitness witness) {
        services = witness;
    }

    void watchEvictions(EvictionWitness witness) {
        evictions = witness;
    }

    void appended(Store.Batch batch) {
        writes += isForgiveness(batch) ? 0 : 1;
        batch.audit().forEach(this::audited);
        batch.journal().forEach(this::journalled);
        for (String conflict : undetected) {
            require(detected.contains(conflict), "conflict " + conflict + " was stored without ConflictDetected");
        }
        undetected.clear();
        noPortTwice();
        oneConflictPerContest();
        written.run();
    }

    /** Called after every write, when everything of it is known here. */
    void watchWrites(Runnable witness) {
        written = witness;
    }

    /** What went wrong a minute ago counts no more: that is written whatever else happens, once. */
    private boolean isForgiveness(Store.Batch batch) {
        return batch.audit().isEmpty()
                && batch.journal().size() == 1
                && batch.journal().get(0).snapshot() instanceof Service now
                && service(now.key())
                        .filter(before -> before.status().runOrNone().failures() > 0
                                && now.status().runOrNone().failures() == 0
                                && now.status().state() == before.status().state())
                        .isPresent();
    }

    private void audited(AuditRecord row) {
        AuditEntry entry = row.entry();
        trace.add(
                "audit",
                entry.action() + " " + entry.target().name() + " " + entry.outcome() + " "
                        + entry.conflict().orElse("-") + " " + entry.act().orElse("-") + " " + entry.detail() + " | "
                        + entry.reason());
        require(row.seq() == head.map(Store.AuditHead::seq).orElse(0L) + 1, "audit record " + row.seq() + " skips");
        require(
                row.previousHash().equals(head.map(Store.AuditHead::hash).orElse(AuditChain.GENESIS))
                        && row.hash().equals(AuditChain.hash(row.seq(), row.previousHash(), entry)),
                "audit record " + row.seq() + " breaks the chain");
        head = Optional.of(new Store.AuditHead(row.seq(), row.hash()));
        entry.act().ifPresent(act -> acted(act, entry));
        if (entry.action().equals("ConflictDetected")) {
            require(detected.add(entry.conflict().orElseThrow()), "detected twice: conflict " + entry.conflict());
        } else if (entry.action().equals("ConflictResolved")) {
            require(resolved.add(entry.conflict().orElseThrow()), "resolved twice: conflict " + entry.conflict());
        }
    }

    private void acted(String act, AuditEntry entry) {
        if (entry.outcome() == Outcome.INTENDED) {
            require(!closedActs.contains(act), "act " + act + " is intended a second time");
            require(openActs.put(act, entry) == null, "act " + act + " is intended twice");
        } else {
            require(openActs.remove(act) != null, "act " + act + " ends without or after its intent: " + entry);
            closedActs.add(act);
        }
    }

    private void journalled(Store.JournalRow row) {
        trace.add("store", row.change() + " " + describe(row.snapshot()));
        require(row.seq() > lastSeq, "journal row " + row.seq() + " comes after " + lastSeq);
        lastSeq = row.seq();
        StoredObject before = objects.get(row.ref());
        switch (row.change()) {
            case ADDED -> require(before == null, row.ref() + " is added but is there");
            case MODIFIED -> require(before != null, row.ref() + " is modified but is not there");
            case DELETED -> require(before != null, row.ref() + " is deleted but is not there");
        }
        if (row.change() == Store.Change.DELETED) {
            objects.remove(row.ref());
            if (before instanceof Service service) {
                services.changed(Optional.of(service), Optional.empty());
            }
            return;
        }
        objects.put(row.ref(), row.snapshot());
        if (row.snapshot() instanceof Service service) {
            services.changed(Optional.ofNullable((Service) before), Optional.of(service));
        }
        if (before == null && row.snapshot() instanceof Conflict conflict) {
            undetected.add(conflict.id());
        }
        if (row.snapshot() instanceof Eviction eviction
                && !(before instanceof Eviction old && old.id().equals(eviction.id()))) {
            evictions.begun(eviction);
        }
    }

    private void noPortTwice() {
        Map<PortKey, ServiceKey> assigned = new TreeMap<>();
        services()
                .forEach(service -> service.assigned().ifPresent(port -> {
                    ServiceKey other = assigned.put(port, service.key());
                    require(other == null, "port " + port + " is assigned to " + other + " and " + service.key());
                }));
    }

    private void oneConflictPerContest() {
        Set<String> contests = new HashSet<>();
        conflicts().filter(conflict -> conflict.state().isOpen()).forEach(conflict -> {
            String contest = conflict.service() + " on " + conflict.port();
            require(contests.add(contest), "two open conflicts of " + contest);
        });
    }

    Stream<Service> services() {
        return of(Service.class);
    }

    Stream<Conflict> conflicts() {
        return of(Conflict.class);
    }

    Stream<Reservation> reservations() {
        return of(Reservation.class);
    }

    Stream<Eviction> evictions() {
        return of(Eviction.class);
    }

    private <T extends StoredObject> Stream<T> of(Class<T> type) {
        return objects.values().stream().filter(type::isInstance).map(type::cast);
    }

    Optional<Service> service(ServiceKey key) {
        return Optional.ofNullable((Service) objects.get(ObjectRef.service(key)));
    }

    Optional<Conflict> conflict(String id) {
        return Optional.ofNullable((Conflict) objects.get(ObjectRef.global(ObjectRef.Kind.CONFLICT, id)));
    }

    /** The act, if it is intended and not yet closed. */
    Optional<AuditEntry> openAct(String act) {
        return Optional.ofNullable(openActs.get(act));
    }

    Map<String, AuditEntry> openActs() {
        return openActs;
    }

    boolean isResolved(String conflict) {
        return resolved.contains(conflict);
    }

    long lastSeq() {
        return lastSeq;
    }

    /** How many transactions there were that say something new. */
    long writes() {
        return writes;
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Violation(otherwise);
        }
    }

    private static String describe(Run run) {
        return run.launch()
                        .map(launch -> "launch " + launch.id()
                                + launch.act().map(act -> "!").orElse(""))
                        .orElse("no launch")
                + run.stop()
                        .map(stop -> " stop " + stop.phase() + "/" + stop.then() + stop.told())
                        .orElse("")
                + " failures " + run.failures()
                + run.gaveUp().map(why -> " gave up: " + why).orElse("")
                + run.request().map(request -> " asked " + request.key()).orElse("");
    }

    private static String describe(StoredObject object) {
        if (object instanceof Service service) {
            return service.key() + " gen " + service.metadata().generation() + " "
                    + service.status().state() + " port "
                    + service.assigned().map(PortKey::toString).orElse("-") + " "
                    + service.status().process().map(Object::toString).orElse("-") + " "
                    + service.status().run().map(Ledger::describe).orElse("") + " "
                    + service.status().conditions().stream()
                            .map(condition -> condition.type() + "=" + condition.status() + "/" + condition.reason())
                            .toList();
        }
        if (object instanceof Conflict conflict) {
            return conflict.id() + " " + conflict.service() + " on " + conflict.port() + " " + conflict.state() + " "
                    + conflict.strategy() + " " + conflict.decision() + ": " + conflict.reason();
        }
        if (object instanceof Eviction eviction) {
            return "eviction " + eviction.id() + " of " + eviction.port() + " " + eviction.phase() + " "
                    + eviction.targets().stream()
                            .map(target -> target.process() + "@"
                                    + target.process().startTicks() + (target.gone() ? " gone " : " ")
                                    + target.signals() + target.openAct().orElse(""))
                            .toList()
                    + " " + eviction.message().orElse("");
        }
        if (object instanceof Reservation reservation) {
            return reservation.ref() + " for " + reservation.describe() + " " + reservation.enforcement() + " "
                    + reservation
                            .claim()
                            .map(claim -> "claimed by " + claim.by())
                            .orElse("") + " "
                    + reservation.message().orElse("");
        }
        return object.ref().toString();
    }
}
