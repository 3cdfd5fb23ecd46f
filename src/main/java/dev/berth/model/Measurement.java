package dev.berth.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was measured of a service over one span of time.
 *
 * @param start a multiple of the resolution's width
 * @param spreads what was not measured is absent: nothing is known of it, which is not zero
 * @param latencies of the answers to its health check, for percentiles
 */
public record Measurement(Instant start, Resolution resolution, Map<Measure, Spread> spreads, Latencies latencies) {
    public Measurement {
        if (!resolution.start(start).equals(start)) {
            throw new IllegalArgumentException("no measurement of " + resolution.width() + " begins at " + start);
        }
        EnumMap<Measure, Spread> sorted = new EnumMap<>(Measure.class);
        sorted.putAll(spreads);
        spreads = Collections.unmodifiableMap(sorted);
    }

    public Instant end() {
        return start.plus(resolution.width());
    }

    public Optional<Spread> of(Measure measure) {
        return Optional.ofNullable(spreads.get(measure));
    }

    /** Both, as one of the span of {@code this}, which contains the other's. */
    public Measurement plus(Measurement other) {
        EnumMap<Measure, Spread> both = new EnumMap<>(Measure.class);
        both.putAll(spreads);
        other.spreads.forEach((measure, spread) -> both.merge(measure, spread, Spread::plus));
        return new Measurement(start, resolution, both, latencies.plus(other.latencies));
    }

    /** Of nothing yet. */
    public static Measurement empty(Instant start, Resolution resolution) {
        return new Measurement(start, resolution, Map.of(), Latencies.NONE);
    }

    /** Puts measurements together, in any order; one for each span of which there are any, oldest first. */
    public static List<Measurement> together(Collection<Measurement> all, Resolution resolution) {
        TreeMap<Instant, Measurement> spans = new TreeMap<>();
        for (Measurement each : all) {
            Instant start = resolution.start(each.start);
            spans.put(start, spans.getOrDefault(start, empty(start, resolution)).plus(each));
        }
        return new ArrayList<>(spans.values());
    }
}
