package dev.berth.plan;

import dev.berth.model.Conflict;
import dev.berth.model.HolderKind;
import dev.berth.model.PortKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The contests that are remembered, by port: what a port's risk is judged by. Immutable, and made anew when a contest is added.
 *
 * <p>A contest counts the less the longer it is ago: half after {@link #HALF_LIFE}. So a port that was fought over for a while and
 * is no longer becomes calm by itself, and one that is lost every day never does.
 */
public final class Losses {
    /** A week has each of a developer's days once; after a month one sixteenth is left. */
    public static final Duration HALF_LIFE = Duration.ofDays(7);

    public static final Losses NONE = new Losses(Map.of(), Instant.MAX);

    /** Below it a port is as good as one of which nothing is known: one contest two half-lives ago. */
    private static final double CALM = 0.25;

    private final Map<PortKey, List<Loss>> byPort;
    private final Instant since;

    private Losses(Map<PortKey, List<Loss>> byPort, Instant since) {
        this.byPort = byPort;
        this.since = since;
    }

    /**
     * One contest.
     *
     * @param holder by which the same one is known again
     */
    public record Loss(Instant at, String holder, HolderKind kind) {}

    /** Of these contests, open and closed, in any order. */
    public static Losses of(Collection<Conflict> conflicts) {
        Map<PortKey, List<Loss>> byPort = new HashMap<>();
        Instant since = Instant.MAX;
        for (Conflict conflict : conflicts) {
            byPort.computeIfAbsent(conflict.port(), port -> new ArrayList<>())
                    .add(new Loss(
                            conflict.detectedAt(),
                            conflict.holder().name(),
                            conflict.holder().kind()));
            since = conflict.detectedAt().isBefore(since) ? conflict.detectedAt() : since;
        }
        byPort.replaceAll((port, losses) ->
                losses.stream().sorted((a, b) -> a.at().compareTo(b.at())).toList());
        return new Losses(byPort, since);
    }

    /** Oldest first. */
    List<Loss> of(PortKey port) {
        return byPort.getOrDefault(port, List.of());
    }

    /** The oldest contest of any port: what was before is not known. */
    Instant since() {
        return since;
    }

    /** How many contests of the port there were, each counted by its age. */
    double weight(PortKey port, Instant now) {
        return of(port).stream().mapToDouble(loss -> weight(loss.at(), now)).sum();
    }

    /** Has the port been left alone lately? */
    boolean isCalm(PortKey port, Instant now) {
        return !byPort.containsKey(port) || weight(port, now) < CALM;
    }

    /** What counts of something that was then; a clock that was set back makes nothing count more than once. */
    static double weight(Instant at, Instant now) {
        double age = Math.max(0, Duration.between(at, now).toMillis());
        return Math.pow(0.5, age / HALF_LIFE.toMillis());
    }
}
