package dev.berth.plan;

import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was seen on one port, on the addresses that get in the way of a host.
 *
 * @param sockets those in the way
 * @param holders every process that has one of them open, a process before those that descend from it
 * @param known the facts of the holders that could be read, in the same order
 * @param gap what could not be seen of the holders; empty when all is known
 */
record Sighting(
        PortKey port, List<Listener> sockets, List<ProcessRef> holders, List<ProcessFacts> known, Optional<Gap> gap) {
    /**
     * Something about the holders is not known.
     *
     * @param passing true while the next look may tell
     */
    record Gap(String reason, boolean passing) {}

    static Sighting of(ListenerIndex index, PortKey port, String host) {
        List<Listener> all = index.on(port);
        if (all.isEmpty()) {
            return new Sighting(port, List.of(), List.of(), List.of(), Optional.empty());
        }
        List<Listener> sockets = all.stream()
                .filter(listener -> Addresses.collides(host, listener))
                .toList();
        return of(index.snapshot(), port, sockets);
    }

    /** Every socket of the port, whatever its address. */
    static Sighting anywhere(ListenerIndex index, PortKey port) {
        return of(index.snapshot(), port, index.on(port));
    }

    static Sighting of(HostSnapshot snapshot, PortKey port, List<Listener> sockets) {
        Set<ProcessRef> holders = new LinkedHashSet<>();
        Optional<Gap> gap = Optional.empty();
        for (Listener socket : sockets) {
            if (socket.ownership() instanceof Ownership.Held held) {
                holders.addAll(held.holders());
            } else if (socket.ownership() instanceof Ownership.Unseen unseen
                    && gap.filter(known -> !known.passing()).isEmpty()) {
                // What stays unseen weighs more than what is still searched.
                gap = Optional.of(new Gap(unseen.reason(), unseen.searching()));
            }
        }
        List<ProcessFacts> known = new ArrayList<>(holders.size());
        for (ProcessRef holder : holders) {
            ProcessFacts facts = snapshot.processes().get(holder);
            if (facts != null) {
                known.add(facts);
            } else if (gap.isEmpty()) {
                gap = Optional.of(new Gap(holder + " holds it, and nothing more could be read of it", true));
            }
        }
        known.sort(TOPMOST_FIRST);
        return new Sighting(port, sockets, topmostFirst(holders, known), List.copyOf(known), gap);
    }

    /** A process has fewer processes above it than those below it have; the rest only makes the order a fixed one. */
    private static final Comparator<ProcessFacts> TOPMOST_FIRST = Comparator.comparingInt(
                    (ProcessFacts process) -> process.ancestors().size())
            .thenComparing(ProcessFacts::startedAt)
            .thenComparing(process -> process.ref().pid());

    private static List<ProcessRef> topmostFirst(Set<ProcessRef> holders, List<ProcessFacts> known) {
        if (holders.size() == 1) {
            return List.copyOf(holders);
        }
        Set<ProcessRef> ordered = new LinkedHashSet<>();
        known.forEach(process -> ordered.add(process.ref()));
        holders.stream()
                .sorted(Comparator.comparingLong(ProcessRef::pid).thenComparingLong(ProcessRef::startTicks))
                .forEach(ordered::add);
        return List.copyOf(ordered);
    }

    boolean nobody() {
        return sockets.isEmpty();
    }

    /** The process to speak of: the topmost one. */
    Optional<ProcessFacts> topmost() {
        return known.stream().findFirst();
    }
}
