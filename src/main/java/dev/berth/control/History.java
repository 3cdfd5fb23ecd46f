package dev.berth.control;

import dev.berth.model.Conflict;
import dev.berth.model.ConflictAction;
import dev.berth.model.Outcome;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.plan.Losses;
import dev.berth.plan.PastEviction;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of earlier contests, for judging the present one: what came back after it was ended, and what a person has
 * decided to leave alone. Read once from the store, then kept up with what is committed.
 */
final class History {
    /** Conflicts that are remembered; the store keeps more. */
    static final int MOST = 2000;

    /** Of one port; older ones say nothing about the present. */
    static final int MOST_PER_PORT = 20;

    private final Store store;
    // Guarded by this. Newest first within a port.
    private final Map<PortKey, Deque<Conflict>> closed = new HashMap<>();
    private final LossMemory losses = new LossMemory();
    private int size;
    private boolean loaded;

    History(Registry registry, Store store) {
        this.store = store;
        registry.onCommit(rows -> rows.forEach(row -> {
            if (row.snapshot() instanceof Conflict conflict) {
                losses.add(conflict);
            }
            if (row.snapshot() instanceof Conflict conflict && !conflict.state().isOpen()) {
                add(conflict);
            } else if (row.snapshot() instanceof Service service
                    && service.metadata().generation() != service.status().observedGeneration()) {
                declaredAnew(service.key());
            }
        }));
    }

    /** Reads what was closed before this process; does nothing the second time. */
    synchronized void load() throws StoreException {
        if (loaded) {
            return;
        }
        List<Conflict> newestFirst = store.conflicts(
                new Store.ConflictQuery(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), MOST));
        // Commits may have been heard before the store was read: begin anew with what it says.
        closed.clear();
        size = 0;
        for (int at = newestFirst.size() - 1; at >= 0; at--) {
            losses.add(newestFirst.get(at));
            if (!newestFirst.get(at).state().isOpen()) {
                add(newestFirst.get(at));
            }
        }
        loaded = true;
    }

    /** The contests of every port, as far as they are remembered. */
    Losses losses() {
        return losses.losses();
    }

    private synchronized void add(Conflict conflict) {
        Deque<Conflict> port = closed.computeIfAbsent(conflict.port(), key -> new ArrayDeque<>());
        if (port.removeIf(known -> known.id().equals(conflict.id()))) {
            size--;
        }
        if (size >= MOST && port.isEmpty()) {
            closed.clear();
            size = 0;
            port = closed.computeIfAbsent(conflict.port(), key -> new ArrayDeque<>());
        }
        port.addFirst(conflict);
        size++;
        if (port.size() > MOST_PER_PORT) {
            port.removeLast();
            size--;
        }
    }

    /** What a person left alone was left alone for the service as it was declared then. */
    private synchronized void declaredAnew(ServiceKey service) {
        for (Deque<Conflict> port : closed.values()) {
            int before = port.size();
            port.removeIf(conflict -> conflict.state() == Conflict.State.DISMISSED
                    && conflict.service().equals(service));
            size -= before - port.size();
        }
    }

    /** What ending the port's holders did before, newest first. */
    synchronized List<PastEviction> of(PortKey port) {
        Deque<Conflict> conflicts = closed.get(port);
        if (conflicts == null) {
            return List.of();
        }
        List<PastEviction> past = new ArrayList<>();
        for (Conflict conflict : conflicts) {
            Optional<ConflictAction> attempt = last(conflict, EvictionJournal.EVICT);
            Optional<ConflictAction> back = last(conflict, EvictionJournal.CAME_BACK);
            Optional<String> command = conflict.holder().command();
            if (attempt.isPresent()
                    && command.isPresent()
                    && (back.isPresent() || attempt.get().outcome() == Outcome.SUCCEEDED)) {
                Instant at = conflict.resolvedAt().orElse(attempt.get().at());
                past.add(new PastEviction(port, command.get(), at, back.map(ConflictAction::detail)));
            }
        }
        return past;
    }

    /** The contest of this service over this port that a person decided last, if that was to leave it. */
    synchronized Optional<Conflict> dismissed(ServiceKey service, PortKey port) {
        Deque<Conflict> conflicts = closed.get(port);
        return conflicts == null
                ? Optional.empty()
                : conflicts.stream()
                        .filter(conflict -> conflict.service().equals(service))
                        .findFirst()
                        .filter(conflict -> conflict.state() == Conflict.State.DISMISSED);
    }

    private static Optional<ConflictAction> last(Conflict conflict, String action) {
        return conflict.actions().stream()
                .filter(each -> each.action().equals(action))
                .reduce((first, second) -> second);
    }
}
