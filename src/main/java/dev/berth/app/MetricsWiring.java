package dev.berth.app;

import dev.berth.api.SourceWatches;
import dev.berth.api.Watches;
import dev.berth.control.ControlPlane;
import dev.berth.metrics.Events;
import dev.berth.metrics.FrameworkMeters;
import dev.berth.metrics.JournalCounts;
import dev.berth.metrics.StateCollector;
import dev.berth.notify.Notifier;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.ConfigProvider;

/** Ties what is measured to what the program is made of. */
@ApplicationScoped
class MetricsWiring {
    /** What the loop does first counts too. */
    private static final int BEFORE_THE_LOOP = 1;

    private static final String PATH = "/metrics";

    private static final int BEFORE_ROUTES = 100;

    private final AtomicLong auditHead = new AtomicLong();

    @Produces
    @Singleton
    MeterFilter framework() {
        return new FrameworkMeters();
    }

    @Produces
    @Singleton
    Events events(PrometheusMeterRegistry meters) {
        return new Events(meters.getPrometheusRegistry(), System::nanoTime);
    }

    /**
     * Who does not ask for OpenMetrics gets the older text, which every tool reads; the framework would take "anything" for
     * the newer one.
     */
    void preferText(@Observes Filters filters) {
        filters.register(
                context -> {
                    HttpServerRequest request = context.request();
                    String accept = request.getHeader(HttpHeaders.ACCEPT);
                    if (request.path().equals(PATH) && (accept == null || !accept.contains("openmetrics"))) {
                        request.headers().set(HttpHeaders.ACCEPT, "text/plain");
                    }
                    context.next();
                },
                BEFORE_ROUTES);
    }

    /** The number of the last audit record. */
    AtomicLong auditHead() {
        return auditHead;
    }

    void start(
            @Observes @Priority(BEFORE_THE_LOOP) StartupEvent event,
            PrometheusMeterRegistry meters,
            Events events,
            ControlPlane control,
            Registry registry,
            Store store,
            Watches watches,
            SourceWatches sources,
            Notifier notifier) {
        control.loop().onPass(events);
        registry.onCommit(new JournalCounts(meters.getPrometheusRegistry(), registry)::committed);
        meters.getPrometheusRegistry()
                .register(new StateCollector(
                        control,
                        registry,
                        new StateCollector.Around(
                                ConfigProvider.getConfig().getValue("quarkus.application.version", String.class),
                                Runtime.version().toString(),
                                store.inMemory(),
                                MetricsWiring::cpu,
                                auditHead::get,
                                watches::count,
                                () -> states(sources),
                                notifier::status)));
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static Map<String, Long> states(SourceWatches sources) {
        return sources.states().stream()
                .collect(Collectors.groupingBy(
                        each -> each.state().name().toLowerCase(Locale.ROOT),
                        LinkedHashMap::new,
                        Collectors.counting()));
    }
}
