package dev.berth.model;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How long answers took, counted in bins that grow by a tenth: so spans can be put together and still tell percentiles, which
 * means and maxima can't. A percentile is off by 5 % at most. (The bins are those of DDSketch, Masson et al., VLDB 2019.)
 *
 * @param counts by bin: bin {@code b} has what took up to 1.1 to the power of {@code b} microseconds, and more than the one before
 */
public record Latencies(SortedMap<Integer, Long> counts) {
    public static final Latencies NONE = new Latencies(new TreeMap<>());

    private static final double GROWTH = Math.log(1.1);
    private static final double NANOS_PER_MICRO = 1000;

    public Latencies {
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    /** Of one answer; under a microsecond is taken for one. */
    public static Latencies of(Duration took) {
        double micros = Math.max(1, took.toNanos() / NANOS_PER_MICRO);
        return new Latencies(new TreeMap<>(Map.of((int) Math.ceil(Math.log(micros) / GROWTH), 1L)));
    }

    public Latencies plus(Latencies other) {
        TreeMap<Integer, Long> both = new TreeMap<>(counts);
        other.counts.forEach((bin, count) -> both.merge(bin, count, Long::sum));
        return new Latencies(both);
    }

    /** How many answers. */
    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * What this share of the answers took at most.
     *
     * @param share over 0, up to 1: 0.95 for the 95th percentile
     */
    public Optional<Duration> quantile(double share) {
        long wanted = Math.max(1, (long) Math.ceil(share * total()));
        long seen = 0;
        for (Map.Entry<Integer, Long> bin : counts.entrySet()) {
            seen += bin.getValue();
            if (seen >= wanted) {
                // The geometric middle of the bin is equally far from both its ends.
                return Optional.of(
                        Duration.ofNanos(Math.round(Math.exp((bin.getKey() - 0.5) * GROWTH) * NANOS_PER_MICRO)));
            }
        }
        return Optional.empty();
    }
}
