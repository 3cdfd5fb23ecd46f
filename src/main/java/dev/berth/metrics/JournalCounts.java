package dev.berth.metrics;

import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.Launch;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts what the journal tells: conflicts, evictions, launches. What was open when Berth started is not counted again. */
public final class JournalCounts {
    private final Counter decided;
    private final Counter closed;
    private final Counter evictions;
    private final Counter starts;
    private final Counter restarts;

    // All used by the writer's thread only, once the constructor is through.
    private final Map<String, Verdict> open = new HashMap<>();
    private final Map<ServiceKey, Seen> services = new HashMap<>();

    private record Verdict(String severity, String decision) {
        static Verdict of(Conflict conflict) {
            return new Verdict(Events.lower(conflict.severity()), Events.lower(conflict.decision()));
        }
    }

    private record Seen(String uid, Optional<String> launch, int failures) {
        static Seen of(Service service) {
            Run run = service.status().runOrNone();
            return new Seen(service.metadata().uid(), run.launch().map(Launch::id), run.failures());
        }
    }

    public JournalCounts(CollectorRegistry metrics, Registry registry) {
        decided = Events.counter(MetricCatalog.CONFLICTS, metrics);
        closed = Events.counter(MetricCatalog.CONFLICTS_CLOSED, metrics);
        evictions = Events.counter(MetricCatalog.EVICTIONS, metrics);
        starts = Events.counter(MetricCatalog.SERVICE_STARTS, metrics);
        restarts = Events.counter(MetricCatalog.SERVICE_RESTARTS, metrics);
        registry.openConflicts().forEach(conflict -> open.put(conflict.id(), Verdict.of(conflict)));
        registry.services().forEach(this::begin);
    }

    /** To be told of every commit, in order. */
    public void committed(List<Store.JournalRow> rows) {
        for (Store.JournalRow row : rows) {
            if (row.snapshot() instanceof Conflict conflict) {
                count(conflict);
            } else if (row.snapshot() instanceof Service service) {
                count(service, row.change());
            } else if (row.snapshot() instanceof Eviction eviction
                    && row.change() != Store.Change.DELETED
                    && !eviction.phase().isOpen()) {
                evictions.labels(Events.lower(eviction.phase())).inc();
            }
        }
    }

    private void count(Conflict conflict) {
        Verdict verdict = Verdict.of(conflict);
        Verdict before = open.put(conflict.id(), verdict);
        if (!verdict.equals(before)) {
            decided.labels(verdict.severity(), verdict.decision()).inc();
        }
        if (!conflict.state().isOpen()) {
            open.remove(conflict.id());
            closed.labels(verdict.severity(), verdict.decision(), Events.lower(conflict.state()))
                    .inc();
        }
    }

    private void count(Service service, Store.Change change) {
        String[] labels = labels(service);
        Seen before = services.get(service.key());
        if (change == Store.Change.DELETED) {
            services.remove(service.key());
            starts.remove(labels);
            restarts.remove(labels);
            return;
        }
        if (before == null || !before.uid().equals(service.metadata().uid())) {
            begin(service);
            if (service.status().runOrNone().launch().isPresent()) {
                starts.labels(labels).inc();
            }
            return;
        }
        Seen now = Seen.of(service);
        if (now.launch().isPresent() && !now.launch().equals(before.launch())) {
            starts.labels(labels).inc();
        }
        if (now.failures() > before.failures()) {
            restarts.labels(labels).inc(now.failures() - before.failures());
        }
        services.put(service.key(), now);
    }

    /** From zero, so that the first one shows as an increase. */
    private void begin(Service service) {
        services.put(service.key(), Seen.of(service));
        starts.labels(labels(service)).inc(0);
        restarts.labels(labels(service)).inc(0);
    }

    private static String[] labels(Service service) {
        return new String[] {service.key().namespace(), service.key().name()};
    }
}
