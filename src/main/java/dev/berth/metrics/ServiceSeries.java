package dev.berth.metrics;

import dev.berth.control.ControlPlane;
import dev.berth.control.HealthMonitor;
import dev.berth.control.Usage;
import dev.berth.model.Condition;
import dev.berth.model.Instances;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import java.util.List;

/** The series of one service, each replica its own. They go with the service, because they are made of what is declared. */
final class ServiceSeries {
    static final List<Metric> METRICS = List.of(
            MetricCatalog.SERVICE_INFO,
            MetricCatalog.SERVICE_WANTED,
            MetricCatalog.SERVICE_UP,
            MetricCatalog.SERVICE_PORT,
            MetricCatalog.SERVICE_MOVED,
            MetricCatalog.SERVICE_HEALTHY,
            MetricCatalog.SERVICE_CHECK,
            MetricCatalog.SERVICE_CPU,
            MetricCatalog.SERVICE_MEMORY,
            MetricCatalog.SERVICE_THREADS,
            MetricCatalog.SERVICE_PROCESSES,
            MetricCatalog.SERVICE_FILES,
            MetricCatalog.SERVICE_CONNECTIONS,
            MetricCatalog.SERVICE_RECEIVED,
            MetricCatalog.SERVICE_SENT);

    private static final double NANOS = 1e9;

    private final ControlPlane control;

    ServiceSeries(ControlPlane control) {
        this.control = control;
    }

    void add(Service service, Families families) {
        String[] labels = {service.key().namespace(), service.key().name()};
        families.add(
                MetricCatalog.SERVICE_INFO,
                1,
                labels[0],
                labels[1],
                service.spec().command().isPresent() ? "supervised" : "observed",
                Boolean.toString(service.spec().critical()));
        families.add(MetricCatalog.SERVICE_WANTED, service.spec().running(), labels);
        families.add(MetricCatalog.SERVICE_UP, Instances.is(service, Condition.READY), labels);
        service.assigned().map(PortKey::port).ifPresent(port -> families.add(MetricCatalog.SERVICE_PORT, port, labels));
        families.add(
                MetricCatalog.SERVICE_MOVED,
                service.assigned().isPresent()
                        && service.spec().preferred().isPresent()
                        && !service.assigned().equals(service.spec().preferred()),
                labels);
        health(service, labels, families);
        usage(service, labels, families);
    }

    private void health(Service service, String[] labels, Families families) {
        List<HealthMonitor.Sample> checks = control.checks(service.key());
        if (!checks.isEmpty()) {
            HealthMonitor.Sample last = checks.get(checks.size() - 1);
            families.add(MetricCatalog.SERVICE_HEALTHY, last.healthy(), labels);
            families.add(MetricCatalog.SERVICE_CHECK, last.took().toNanos() / NANOS, labels);
        }
    }

    /** Totals stay while it is stopped; what it has in use ends with its processes. */
    private void usage(Service service, String[] labels, Families families) {
        List<Usage> samples = control.usage().recent(service.key());
        if (samples.isEmpty()) {
            return;
        }
        Usage last = samples.get(samples.size() - 1);
        families.add(MetricCatalog.SERVICE_CPU, last.cpuTotal().toNanos() / NANOS, labels);
        last.throughput().ifPresent(traffic -> {
            families.add(MetricCatalog.SERVICE_RECEIVED, traffic.received(), labels);
            families.add(MetricCatalog.SERVICE_SENT, traffic.sent(), labels);
        });
        control.usage().latest(service).ifPresent(now -> {
            families.add(MetricCatalog.SERVICE_MEMORY, now.memoryBytes(), labels);
            families.add(MetricCatalog.SERVICE_THREADS, now.threads(), labels);
            families.add(MetricCatalog.SERVICE_PROCESSES, now.processes(), labels);
            now.openFiles().ifPresent(open -> families.add(MetricCatalog.SERVICE_FILES, open, labels));
            now.throughput()
                    .ifPresent(
                            traffic -> families.add(MetricCatalog.SERVICE_CONNECTIONS, traffic.connections(), labels));
        });
    }
}
