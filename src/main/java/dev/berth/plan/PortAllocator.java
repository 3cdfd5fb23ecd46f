package dev.berth.plan;

import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.plan.Action.Assignment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Chooses the first port by the service's preference that nobody has: its alternatives in order, then its own range, and
 * the default range when it has none; how a range is gone through says {@link PortOrder}. Ports that another service prefers come last in each. What keeps a port from being
 * chosen is told.
 *
 * <p>The order of alternatives is the user's. The ports of a range are equal to who wants one of them: there the first that has
 * been left alone lately is taken before those that were contested, and of those the least contested.
 */
final class PortAllocator {
    /** How much of what was in the way is told: enough for a range of a hundred ports, not for the default one. */
    private static final int LONGEST_EXPLANATION = 4000;

    private final Availability availability;
    private final Policy policy;
    private final ServiceSpec spec;
    private final PortOrder order;
    private final Losses losses;
    private final Instant now;

    PortAllocator(Service service, Policy policy, Availability availability, Losses losses, Instant now) {
        this.losses = losses;
        this.now = now;
        this.spec = service.spec();
        this.policy = policy;
        this.availability = availability;
        this.order = new PortOrder(service, policy);
    }

    /** What came of the search for a port. */
    sealed interface Choice {
        /** @param passedOver why the alternatives before it were not taken, in words; may be empty */
        record Found(PortKey port, Assignment how, List<String> passedOver) implements Choice {}

        /** @param explanation what holds the ports that would have done */
        record UsedUp(String explanation) implements Choice {}
    }

    /** The best port but for the excluded ones. The preferred port is not considered here: it is judged first. */
    Choice choose(Predicate<PortKey> excluded) {
        List<String> passedOver = new ArrayList<>();
        Optional<PortKey> alternative = first(alternatives(), excluded, passedOver);
        if (alternative.isPresent()) {
            return new Choice.Found(alternative.orElseThrow(), Assignment.ALTERNATIVE, passedOver);
        }
        Optional<PortKey> ranged = firstOfRanges(excluded, passedOver);
        if (ranged.isPresent()) {
            Assignment how = spec.portRange().isPresent() ? Assignment.RANGE : Assignment.DEFAULT_RANGE;
            return new Choice.Found(ranged.orElseThrow(), how, passedOver);
        }
        return new Choice.UsedUp(explain(passedOver, excluded));
    }

    /** Could this port have been chosen, were it free? For telling whether a port still suits a spec that changed. */
    boolean isCandidate(PortKey port) {
        if (port.protocol() != spec.protocol()) {
            return false;
        }
        return alternatives().anyMatch(each -> each == port.port())
                || spec.portRange()
                        .map(range -> range.contains(port.port()))
                        .orElseGet(() -> policy.range().contains(port.port()));
    }

    private Optional<PortKey> first(IntStream ports, Predicate<PortKey> excluded, List<String> passedOver) {
        Optional<PortKey> second = Optional.empty();
        var each = ports.iterator();
        while (each.hasNext()) {
            PortKey port = new PortKey(spec.protocol(), each.nextInt());
            if (excluded.test(port)) {
                continue;
            }
            Optional<String> obstacle = availability.obstacle(port);
            if (obstacle.isPresent()) {
                passedOver.add(obstacle.orElseThrow());
            } else if (!availability.isPreferredByOther(port)) {
                return Optional.of(port);
            } else if (second.isEmpty()) {
                second = Optional.of(port);
            }
        }
        return second;
    }

    /** As {@link #first}, among so many that most must be passed over unseen; and a contested one only for want of a calm one. */
    private Optional<PortKey> firstOfRanges(Predicate<PortKey> excluded, List<String> passedOver) {
        Optional<PortKey> second = Optional.empty();
        List<PortKey> contested = new ArrayList<>();
        for (PortRange range : order.ranges()) {
            OptionalInt next = availability.next(spec.protocol(), range.first(), range.last());
            while (next.isPresent()) {
                PortKey port = new PortKey(spec.protocol(), next.getAsInt());
                if (!isPreferred(port.port()) && !excluded.test(port) && availability.isFree(port)) {
                    if (availability.isPreferredByOther(port)) {
                        second = second.or(() -> Optional.of(port));
                    } else if (losses.isCalm(port, now) || order.isBefore(port.port())) {
                        contested.forEach(each -> passedOver.add(each + " is free, and was contested lately"));
                        return Optional.of(port);
                    } else if (!contested.contains(port)) {
                        contested.add(port);
                    }
                }
                next = availability.next(spec.protocol(), port.port() + 1, range.last());
            }
        }
        Optional<PortKey> least = contested.stream().min(Comparator.comparingDouble(port -> losses.weight(port, now)));
        return least.isPresent() ? least : second;
    }

    private IntStream alternatives() {
        return spec.alternativePorts().stream()
                .distinct()
                .limit(policy.maxAlternatives())
                .mapToInt(Integer::intValue)
                .filter(port -> !isPreferred(port));
    }

    private boolean isPreferred(int port) {
        return spec.port().isPresent() && spec.port().getAsInt() == port;
    }

    private String explain(List<String> passedOver, Predicate<PortKey> excluded) {
        String where = Stream.of(
                        Optional.of("its alternatives")
                                .filter(text -> !spec.alternativePorts().isEmpty()),
                        Optional.of(spec.portRange()
                                .map(range -> "its range " + range)
                                .orElseGet(() -> "the default range " + policy.range()
                                        + policy.ephemeral()
                                                .map(range -> " without the ports of outgoing connections, " + range)
                                                .orElse(""))))
                .flatMap(Optional::stream)
                .reduce((left, right) -> left + " and " + right)
                .orElseThrow();
        StringBuilder text = new StringBuilder(where).append(" used up");
        int told = 0;
        int untold = 0;
        Iterator<String> obstacles =
                Stream.concat(passedOver.stream(), obstacles(excluded)).iterator();
        while (obstacles.hasNext()) {
            String obstacle = obstacles.next();
            if (untold > 0 || text.length() + obstacle.length() > LONGEST_EXPLANATION) {
                untold++;
            } else {
                text.append(told == 0 ? ": " : "; ").append(obstacle);
                told++;
            }
        }
        return untold == 0
                ? text.toString()
                : text.append("; and ").append(untold).append(" more").toString();
    }

    /** What keeps the ports of the ranges. */
    private Stream<String> obstacles(Predicate<PortKey> excluded) {
        return order.ranges().stream()
                .flatMapToInt(PortRange::ports)
                .distinct()
                .filter(port -> !isPreferred(port))
                .mapToObj(port -> new PortKey(spec.protocol(), port))
                .filter(port -> !excluded.test(port))
                .map(availability::obstacle)
                .flatMap(Optional::stream);
    }
}
