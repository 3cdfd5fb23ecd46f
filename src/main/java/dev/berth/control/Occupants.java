package dev.berth.control;

import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Reservation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who listens on a reserved port, as its reservation sees them.
 *
 * @param own the claimant or what it has started; of a claim that names no process, the owner's processes
 * @param strangers everybody else, in words
 * @param unclear somebody is there, and the next look may tell who
 */
record Occupants(List<ProcessRef> own, List<String> strangers, boolean unclear) {
    private static final Comparator<ProcessFacts> OLDEST = Comparator.comparing(ProcessFacts::startedAt)
            .thenComparing(facts -> facts.ref().pid());

    Occupants {
        own = List.copyOf(own);
        strangers = List.copyOf(strangers);
    }

    static Occupants of(Reservation reservation, HostSnapshot look) {
        List<ProcessRef> own = new ArrayList<>();
        Set<String> strangers = new LinkedHashSet<>();
        boolean unclear = false;
        for (Listener socket : look.listeners()) {
            if (!socket.key().equals(reservation.port())) {
                continue;
            }
            if (socket.ownership() instanceof Ownership.Held held) {
                List<ProcessFacts> others = new ArrayList<>();
                for (ProcessRef holder : held.holders()) {
                    Optional<ProcessFacts> facts =
                            Optional.ofNullable(look.processes().get(holder));
                    if (isOwn(reservation, holder, facts)) {
                        own.add(holder);
                    } else if (facts.isEmpty()) {
                        unclear = true;
                    } else {
                        others.add(facts.get());
                    }
                }
                // The oldest stands for all: workers come and go, and nothing new is to be told of each.
                others.stream().min(OLDEST).ifPresent(oldest -> strangers.add(words(oldest)));
            } else if (socket.ownership() instanceof Ownership.Unseen unseen) {
                unclear |= unseen.searching();
                if (!unseen.searching()) {
                    strangers.add("a process that can't be seen (" + unseen.reason() + ")");
                }
            }
        }
        return new Occupants(own, List.copyOf(strangers), unclear);
    }

    boolean nobody() {
        return own.isEmpty() && strangers.isEmpty() && !unclear;
    }

    private static boolean isOwn(Reservation reservation, ProcessRef holder, Optional<ProcessFacts> facts) {
        return reservation
                .claim()
                .filter(claim -> claim.process()
                        .map(claimant -> claimant.equals(holder)
                                || facts.filter(known -> known.descendsFrom(claimant))
                                        .isPresent())
                        .orElseGet(() -> isOfOwner(reservation, facts)))
                .isPresent();
    }

    /** The first of the owner's processes, whoever was named. */
    static Optional<ProcessRef> heir(Reservation reservation, HostSnapshot look) {
        for (Listener socket : look.listeners()) {
            if (socket.key().equals(reservation.port()) && socket.ownership() instanceof Ownership.Held held) {
                for (ProcessRef holder : held.holders()) {
                    if (isOfOwner(
                            reservation, Optional.ofNullable(look.processes().get(holder)))) {
                        return Optional.of(holder);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isOfOwner(Reservation reservation, Optional<ProcessFacts> facts) {
        return facts.filter(known -> known.user().uid() == reservation.owner().uid())
                .isPresent();
    }

    static String words(ProcessFacts process) {
        return process.ref() + " (" + process.comm() + ", " + process.user().display() + ")";
    }
}
