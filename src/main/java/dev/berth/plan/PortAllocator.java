package dev.berth.plan;

import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.Ports;
import dev.berth.model.ServiceSpec;
import dev.berth.plan.Action.Assignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Chooses the first port by the service's preference that nobody has: its alternatives in order, then its own range, and
 * the default range when it has none. Ports that another service prefers come last in each. What keeps a port from being
 * chosen is told.
 */
final class PortAllocator {
    /** How much of what was in the way is told: enough for a range of a hundred ports, not for the default one. */
    private static final int LONGEST_EXPLANATION = 4000;

    private final Availability availability;
    private final Policy policy;
    private final ServiceSpec spec;

    PortAllocator(ServiceSpec spec, Policy policy, Availability availability) {
        this.spec = spec;
        this.policy = policy;
        this.availability = availability;
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
        List<String> inRange = new ArrayList<>();
        Optional<PortKey> ranged = first(ranged(), excluded, inRange);
        if (ranged.isPresent()) {
            Assignment how = spec.portRange().isPresent() ? Assignment.RANGE : Assignment.DEFAULT_RANGE;
            return new Choice.Found(ranged.orElseThrow(), how, passedOver);
        }
        passedOver.addAll(inRange);
        return new Choice.UsedUp(explain(passedOver));
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

    private IntStream alternatives() {
        return spec.alternativePorts().stream()
                .distinct()
                .limit(policy.maxAlternatives())
                .mapToInt(Integer::intValue)
                .filter(port -> !isPreferred(port));
    }

    private IntStream ranged() {
        return spec.portRange()
                .map(PortRange::ports)
                .orElseGet(this::defaultRange)
                .filter(port -> !isPreferred(port));
    }

    /** Upward from above the preferred port (in development from the base), then from the start, without the range of outgoing connections. */
    private IntStream defaultRange() {
        int first = Math.max(policy.range().first(), Ports.LOWEST_CHOSEN);
        int last = policy.range().last();
        boolean above = spec.port().isPresent() && !policy.development();
        int start = above ? Math.min(Math.max(spec.port().orElseThrow() + 1, first), last + 1) : first;
        return IntStream.concat(IntStream.rangeClosed(start, last), IntStream.range(first, Math.min(start, last + 1)))
                .filter(port ->
                        policy.ephemeral().filter(range -> range.contains(port)).isEmpty());
    }

    private boolean isPreferred(int port) {
        return spec.port().isPresent() && spec.port().getAsInt() == port;
    }

    private String explain(List<String> obstacles) {
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
        for (String obstacle : obstacles) {
            if (text.length() + obstacle.length() > LONGEST_EXPLANATION) {
                return text.append("; and ")
                        .append(obstacles.size() - told)
                        .append(" more")
                        .toString();
            }
            text.append(told == 0 ? ": " : "; ").append(obstacle);
            told++;
        }
        return text.toString();
    }
}
