package dev.berth.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.SimpleCollector;
import java.util.List;

/** What a collector collects, without a second series for each that says when it was made. */
final class Undated extends Collector {
    private static final String MADE_AT = "_created";

    private final SimpleCollector<?> real;

    Undated(SimpleCollector<?> real) {
        this.real = real;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        return real.collect().stream()
                .map(family -> new MetricFamilySamples(
                        family.name,
                        family.type,
                        family.help,
                        family.samples.stream()
                                .filter(sample -> !sample.name.equals(family.name + MADE_AT))
                                .toList()))
                .toList();
    }
}
