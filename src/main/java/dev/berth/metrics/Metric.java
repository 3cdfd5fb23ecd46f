package dev.berth.metrics;

import java.util.List;

/**
 * One metric.
 *
 * @param name as it is scraped, a counter's with {@code _total}
 * @param help what it counts or measures, for people
 */
public record Metric(String name, Type type, String help, List<String> labels) {
    /** Prometheus' own. */
    public enum Type {
        GAUGE,
        COUNTER,
        HISTOGRAM,
        SUMMARY
    }

    public Metric {
        labels = List.copyOf(labels);
    }
}
