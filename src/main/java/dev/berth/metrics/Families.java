package dev.berth.metrics;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The samples of one scrape. A metric without any is there all the same, with its help. */
final class Families {
    private final Map<Metric, GaugeMetricFamily> gauges = new LinkedHashMap<>();
    private final Map<Metric, CounterMetricFamily> counters = new LinkedHashMap<>();

    Families(List<Metric> metrics) {
        for (Metric metric : metrics) {
            if (metric.type() == Metric.Type.COUNTER) {
                counters.put(metric, new CounterMetricFamily(metric.name(), metric.help(), metric.labels()));
            } else {
                gauges.put(metric, new GaugeMetricFamily(metric.name(), metric.help(), metric.labels()));
            }
        }
    }

    void add(Metric metric, double value, String... labels) {
        CounterMetricFamily counter = counters.get(metric);
        GaugeMetricFamily gauge = gauges.get(metric);
        if (counter != null) {
            counter.addMetric(List.of(labels), value);
        } else if (gauge != null) {
            gauge.addMetric(List.of(labels), value);
        } else {
            throw new IllegalArgumentException(metric.name() + " is not among those of this scrape");
        }
    }

    void add(Metric metric, boolean value, String... labels) {
        add(metric, value ? 1 : 0, labels);
    }

    List<MetricFamilySamples> all() {
        List<MetricFamilySamples> all = new ArrayList<>(gauges.values());
        all.addAll(counters.values());
        return all;
    }
}
