package dev.berth.metrics;

import dev.berth.control.ControlPlane;
import dev.berth.control.LoopProgress;
import dev.berth.model.Conflict;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import dev.berth.model.ServiceState;
import dev.berth.model.Severity;
import dev.berth.notify.WebhookStatus;
import dev.berth.store.Registry;
import io.prometheus.client.Collector;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How things stand, read from memory when somebody asks: nothing is looked at for a scrape, and nothing kept for one. */
public final class StateCollector extends Collector {
    private static final List<Metric> METRICS = Stream.concat(
                    Stream.of(
                            MetricCatalog.BUILD,
                            MetricCatalog.CPU,
                            MetricCatalog.QUEUE_DEPTH,
                            MetricCatalog.QUEUE_OLDEST,
                            MetricCatalog.QUEUE_FAILING,
                            MetricCatalog.PASSES_RUNNING,
                            MetricCatalog.PASSES_LONGEST,
                            MetricCatalog.LAST_PASS,
                            MetricCatalog.LAST_RESYNC,
                            MetricCatalog.LAST_LOOK,
                            MetricCatalog.PORTS,
                            MetricCatalog.RESERVATIONS,
                            MetricCatalog.CONFLICTS_OPEN,
                            MetricCatalog.SERVICES,
                            MetricCatalog.AUDIT_HEAD,
                            MetricCatalog.RESOURCE_VERSION,
                            MetricCatalog.IN_MEMORY,
                            MetricCatalog.WRITABLE,
                            MetricCatalog.WATCHERS,
                            MetricCatalog.SOURCES,
                            MetricCatalog.NOTIFICATIONS,
                            MetricCatalog.NOTIFICATIONS_BEHIND),
                    ServiceSeries.METRICS.stream())
            .toList();

    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private final ControlPlane control;
    private final Registry registry;
    private final Around around;
    private final ServiceSeries services;

    /**
     * What neither the loop nor the registry knows.
     *
     * @param cpu what this process used so far
     * @param auditHead the last audit record's number
     * @param sources how many texts of sources of declarations are in each state
     */
    public record Around(
            String version,
            String java,
            boolean inMemory,
            Supplier<Duration> cpu,
            Supplier<Long> auditHead,
            Supplier<Integer> watchers,
            Supplier<Map<String, Long>> sources,
            Supplier<List<WebhookStatus>> webhooks) {}

    public StateCollector(ControlPlane control, Registry registry, Around around) {
        this.control = control;
        this.registry = registry;
        this.around = around;
        this.services = new ServiceSeries(control);
    }

    @Override
    public List<MetricFamilySamples> collect() {
        Families families = new Families(METRICS);
        loop(families);
        ports(families);
        conflicts(families);
        List<Service> declared = registry.services();
        for (ServiceState state : ServiceState.values()) {
            long number = declared.stream()
                    .filter(each -> each.status().state() == state)
                    .count();
            families.add(MetricCatalog.SERVICES, number, Events.lower(state));
        }
        declared.forEach(service -> services.add(service, families));
        families.add(MetricCatalog.BUILD, 1, around.version(), around.java());
        families.add(MetricCatalog.CPU, seconds(around.cpu().get()));
        families.add(MetricCatalog.AUDIT_HEAD, around.auditHead().get());
        families.add(MetricCatalog.RESOURCE_VERSION, registry.resourceVersion());
        families.add(MetricCatalog.IN_MEMORY, around.inMemory());
        families.add(MetricCatalog.WRITABLE, registry.writeTrouble().isEmpty());
        families.add(MetricCatalog.WATCHERS, around.watchers().get());
        around.sources().get().forEach((state, number) -> families.add(MetricCatalog.SOURCES, number, state));
        around.webhooks().get().forEach(each -> webhook(each, families));
        return families.all();
    }

    private static void webhook(WebhookStatus status, Families families) {
        String name = status.webhook().name();
        families.add(MetricCatalog.NOTIFICATIONS, status.delivered(), name, "delivered");
        families.add(MetricCatalog.NOTIFICATIONS, status.retried(), name, "retried");
        families.add(MetricCatalog.NOTIFICATIONS, status.givenUp(), name, "given_up");
        families.add(MetricCatalog.NOTIFICATIONS, status.dropped(), name, "dropped");
        families.add(MetricCatalog.NOTIFICATIONS_BEHIND, status.behind(), name);
    }

    private void loop(Families families) {
        LoopProgress progress = control.loop().progress();
        families.add(MetricCatalog.QUEUE_DEPTH, progress.queueDepth());
        families.add(MetricCatalog.QUEUE_OLDEST, seconds(progress.oldestReady()));
        families.add(MetricCatalog.QUEUE_FAILING, progress.failing());
        families.add(MetricCatalog.PASSES_RUNNING, progress.running());
        families.add(MetricCatalog.PASSES_LONGEST, seconds(progress.longestPass()));
        progress.lastPass().ifPresent(at -> families.add(MetricCatalog.LAST_PASS, seconds(at)));
        progress.lastResync().ifPresent(at -> families.add(MetricCatalog.LAST_RESYNC, seconds(at)));
        progress.lastObservation().ifPresent(at -> families.add(MetricCatalog.LAST_LOOK, seconds(at)));
    }

    private void ports(Families families) {
        List<Listener> sockets =
                control.loop().latest().map(HostSnapshot::listeners).orElse(List.of());
        List<Service> declared = registry.services();
        ports(families, "in_use", sockets.stream().map(Listener::key));
        ports(
                families,
                "owner_unseen",
                sockets.stream()
                        .filter(socket -> socket.ownership() instanceof Ownership.Unseen)
                        .map(Listener::key));
        ports(families, "preferred", declared.stream().flatMap(service -> service.spec().preferred().stream()));
        ports(families, "assigned", declared.stream().flatMap(service -> service.assigned().stream()));
        List<Reservation> reserved = registry.reservations();
        ports(families, "reserved", reserved.stream().map(Reservation::port));
        ports(families, "contested", registry.openConflicts().stream().map(Conflict::port));
        for (Reservation.Enforcement each : Reservation.Enforcement.values()) {
            families.add(
                    MetricCatalog.RESERVATIONS,
                    reserved.stream().filter(one -> one.enforcement() == each).count(),
                    Events.lower(each));
        }
    }

    private static void ports(Families families, String state, Stream<PortKey> ports) {
        Set<PortKey> distinct = ports.collect(Collectors.toCollection(HashSet::new));
        for (Protocol protocol : Protocol.values()) {
            families.add(
                    MetricCatalog.PORTS,
                    distinct.stream()
                            .filter(port -> port.protocol() == protocol)
                            .count(),
                    Events.lower(protocol),
                    state);
        }
    }

    private void conflicts(Families families) {
        List<Conflict> open = registry.openConflicts();
        for (Severity severity : Severity.values()) {
            for (Conflict.State state : Conflict.State.values()) {
                if (state.isOpen()) {
                    long number = open.stream()
                            .filter(each -> each.severity() == severity && each.state() == state)
                            .count();
                    families.add(MetricCatalog.CONFLICTS_OPEN, number, Events.lower(severity), Events.lower(state));
                }
            }
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / MILLIS;
    }
}
