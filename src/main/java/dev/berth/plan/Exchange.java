package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Services that exchange their ports: each prefers the port that the next one has, and the last one that of the first. One of
 * them is stopped and gives up its port; then the others move, each to the port that has become free; and the one that began
 * starts on the last. It begins only when all others have said, each in a pass of its own, that they can be restarted.
 *
 * @param members the service that is judged is the first
 */
record Exchange(List<Service> members) {
    /** The reason word of a service that moves as soon as it is its turn. */
    static final String AGREED = "Exchanging";

    /** The reason word while a service keeps its port because it can't be restarted. */
    static final String HELD_UP = "RestartHeldUp";

    /** The reason word while it keeps its port because its restart waits for what comes by itself. */
    static final String RESTART_WAITS = "RestartWaits";

    /** The reason word while it could move, and the one whose port it wants can't. */
    static final String OTHER_HELD_UP = "OtherHeldUp";

    Exchange {
        members = List.copyOf(members);
    }

    /** Is it the one that is judged who gives up its port first, and now? */
    boolean begins() {
        Service judged = members.get(0);
        return first().key().equals(judged.key()) && members.stream().skip(1).allMatch(Exchange::agrees);
    }

    /** The youngest on which none of the others depends: who is stopped first must not keep the others from being started. */
    private Service first() {
        return members.stream()
                .filter(member -> members.stream().noneMatch(other -> dependsOn(other, member)))
                .max(ClaimIndex.BY_AGE)
                .orElse(members.get(0));
    }

    static boolean dependsOn(Service one, Service other) {
        return one.key().namespace().equals(other.key().namespace())
                && one.spec().dependsOn().stream()
                        .anyMatch(each ->
                                each.service().equals(other.key().origin().name()));
    }

    /** One of the others that can't be restarted now. */
    Optional<Service> heldUp() {
        return members.stream()
                .skip(1)
                .filter(member -> says(member, HELD_UP) || says(member, RESTART_WAITS))
                .findFirst();
    }

    /** Is that the reason word about the port that it prefers? */
    static boolean says(Service member, String word) {
        return member.status()
                .condition(Condition.HOME_FREE)
                .filter(known -> known.reason().equals(word))
                .isPresent();
    }

    private static boolean agrees(Service member) {
        return member.status().observedGeneration() == member.metadata().generation() && says(member, AGREED);
    }

    /** The same in the passes of all that it says, so that a status does not waver. */
    String words() {
        PortKey home = members.get(0).spec().preferred().orElseThrow();
        String others = members.stream()
                .skip(1)
                .map(member -> member.key() + " (from " + member.assigned().orElseThrow() + " to "
                        + member.spec().preferred().orElseThrow() + ")")
                .collect(Collectors.joining(", "));
        return "it exchanges ports with " + others + ", and takes port " + home + " when that is free"
                + heldUp().map(Exchange::heldUpWords).orElse("");
    }

    static String heldUpWords(Service other) {
        return "; " + other.key() + " can't be restarted now";
    }
}
