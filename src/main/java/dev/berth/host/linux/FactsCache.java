package dev.berth.host.linux;

import static java.util.Objects.requireNonNull;

import dev.berth.model.Ancestor;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Facts of the holders. An identity never changes, but a process may become another program (exec) or another's child, so a
 * few are glanced at in each tick, in turn, and read again when that shows a change. Belongs to the ticking thread.
 */
final class FactsCache {
    /**
     * How long until a process is glanced at again: a name that is 10 s late harms nobody, because whoever is to be ended
     * is read afresh, and a process that ends takes its descriptors along, which is seen sooner.
     */
    private static final long AGE_NANOS = 9_900_000_000L;
    /**
     * How old facts get that no glance finds fault with: for what it can't show, such as a title that a program gave itself, or
     * another directory.
     */
    private static final long WHOLE_AGE_NANOS = 300_000_000_000L;
    /**
     * Within this a pid is taken for the same process: to come round to it again takes thousands of starts, and a process
     * with a thousand sockets need not be identified a thousand times. A slip would be noticed by the next refresh, and
     * before any signal.
     */
    private static final long TRUST_NANOS = 1_000_000_000L;
    /**
     * Of {@link #AGE_NANOS}: what comes round in it are eighty processes. A glance takes some 20 µs; to read everything a quarter
     * of a millisecond, on a machine that had long been idle twice that.
     */
    private static final long NANOS_EACH = 125_000_000L;
    /** After a look that came late, or none for a while, no more than comes due between two looks at a settled machine. */
    private static final int MOST_AT_ONCE = 16;

    private final ProcessReader reader;
    private ProcessReader look;
    private final Map<ProcessRef, Known> known = new HashMap<>();
    private final Map<Long, ProcessRef> byPid = new HashMap<>();
    private final Queue<ProcessRef> turn = new ArrayDeque<>();
    private boolean changed;
    private long refreshedAt;

    /**
     * @param stackStart as it was seen before all was read: an exec in between shows at the next glance
     * @param readAt when all of it was read
     * @param seenAt when the process was last seen to be the same; not before {@code readAt}
     */
    private record Known(ProcessFacts facts, long stackStart, long readAt, long seenAt) {
        boolean fits(ProcessReader.Glance glance) {
            return glance.ref().equals(facts.ref())
                    && glance.comm().equals(facts.comm())
                    && glance.stackStart() == stackStart
                    && glance.processGroup() == facts.processGroup()
                    && glance.session() == facts.session()
                    && (facts.ancestors().isEmpty()
                            || facts.ancestors().get(0).ref().pid() == glance.parent());
        }
    }

    FactsCache(ProcessReader reader) {
        this.reader = reader;
        this.look = reader.forOneLook();
    }

    /** A new look begins. */
    void begin() {
        look = reader.forOneLook();
    }

    /** The identity of a process that was just found to hold something; its facts are known from then on. */
    Optional<ProcessRef> identify(long pid, long now) {
        ProcessRef before = byPid.get(pid);
        if (before != null && now - requireNonNull(known.get(before)).seenAt() < TRUST_NANOS) {
            return Optional.of(before);
        }
        Optional<ProcessReader.Glance> glance = look.glance(pid);
        if (glance.isEmpty() || glance.get().ref().equals(before)) {
            return glance.map(ProcessReader.Glance::ref);
        }
        Optional<ProcessFacts> read = look.read(pid);
        read.ifPresent(facts -> put(facts, glance.get().stackStart(), now));
        return read.map(ProcessFacts::ref);
    }

    /** The processes above one that was identified before, nearest first. */
    List<Ancestor> ancestors(ProcessRef process) {
        Known of = known.get(process);
        return of == null ? List.of() : of.facts().ancestors();
    }

    private void put(ProcessFacts facts, long stackStart, long now) {
        ProcessRef ref = facts.ref();
        Known before = known.put(ref, new Known(facts, stackStart, now, now));
        changed |= before == null || !before.facts().equals(facts);
        byPid.put(ref.pid(), ref);
        if (before == null) {
            turn.add(ref);
        }
    }

    /**
     * Looks again at those that were not looked at for longest.
     *
     * @param gone told of processes that are not there any more
     */
    void refresh(long now, Consumer<ProcessRef> gone) {
        long most = Math.min(MOST_AT_ONCE, Math.max(1, (now - refreshedAt) / NANOS_EACH));
        refreshedAt = now;
        for (int i = 0; i < most; i++) {
            ProcessRef ref = turn.peek();
            Known oldest = ref == null ? null : known.get(ref);
            if (ref == null || oldest != null && now - oldest.seenAt() < AGE_NANOS) {
                return;
            }
            turn.remove();
            if (oldest == null) {
                continue;
            }
            Optional<ProcessReader.Glance> glance = look.glance(ref.pid());
            if (now - oldest.readAt() < WHOLE_AGE_NANOS
                    && glance.filter(oldest::fits).isPresent()) {
                known.put(ref, new Known(oldest.facts(), oldest.stackStart(), oldest.readAt(), now));
                turn.add(ref);
                continue;
            }
            Optional<ProcessFacts> read = glance.flatMap(seen -> look.read(ref.pid()))
                    .filter(facts -> facts.ref().equals(ref));
            if (read.isPresent()) {
                ProcessFacts same = read.get().equals(oldest.facts()) ? oldest.facts() : read.get();
                put(same, glance.get().stackStart(), now);
                turn.add(ref);
            } else {
                remove(ref);
                gone.accept(ref);
            }
        }
    }

    /** Forgets everybody else. */
    void retain(Set<ProcessRef> holders) {
        for (ProcessRef ref : new HashSet<>(known.keySet())) {
            if (!holders.contains(ref)) {
                remove(ref);
            }
        }
    }

    private void remove(ProcessRef ref) {
        known.remove(ref);
        byPid.remove(ref.pid(), ref);
        turn.remove(ref);
        changed = true;
    }

    /** Has anything changed since this was asked last? */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    Map<ProcessRef, ProcessFacts> facts() {
        Map<ProcessRef, ProcessFacts> all = new HashMap<>();
        known.forEach((ref, each) -> all.put(ref, each.facts()));
        return Map.copyOf(all);
    }
}
