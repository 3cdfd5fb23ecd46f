package dev.berth.metrics;

import dev.berth.control.PassListener;
import dev.berth.control.WorkKey;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import io.prometheus.client.SimpleCollector;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** What happens, counted and timed as it happens. Safe for use by many threads; no call waits. */
public final class Events implements PassListener {
    /** From a look at an unchanged machine to what a person notices. */
    private static final double[] SECONDS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10
    };

    private static final double NANOS = 1e9;

    private final LongSupplier nanos;
    private final Histogram passes;
    private final Counter retries;
    private final Histogram looks;
    private final Counter signals;
    private final Histogram commits;
    private final Counter commitFailures;
    private final Counter journalRows;
    private final Counter auditRecords;

    /** @param nanos monotonic nanoseconds */
    public Events(CollectorRegistry registry, LongSupplier nanos) {
        this.nanos = nanos;
        passes = timer(MetricCatalog.RECONCILE, registry);
        retries = counter(MetricCatalog.RETRIES, registry);
        looks = timer(MetricCatalog.LOOK, registry);
        signals = counter(MetricCatalog.SIGNALS, registry);
        commits = timer(MetricCatalog.COMMIT, registry);
        commitFailures = counter(MetricCatalog.COMMIT_FAILURES, registry);
        journalRows = counter(MetricCatalog.JOURNAL_ROWS, registry);
        auditRecords = counter(MetricCatalog.AUDIT_RECORDS, registry);
    }

    /** A moment to measure from. */
    long begin() {
        return nanos.getAsLong();
    }

    @Override
    public void passed(WorkKey key, Outcome outcome, Duration took) {
        passes.labels(kind(key)).observe(took.toNanos() / NANOS);
        if (outcome != Outcome.SUCCEEDED) {
            retries.labels(kind(key), lower(outcome)).inc();
        }
    }

    private static String kind(WorkKey key) {
        if (key instanceof WorkKey.OfService) {
            return "service";
        }
        if (key instanceof WorkKey.OfHealth) {
            return "health";
        }
        return key instanceof WorkKey.OfReservation ? "reservation" : "eviction";
    }

    /** A look at the machine, begun then, ends now. */
    void looked(String look, long begun) {
        looks.labels(look).observe((nanos.getAsLong() - begun) / NANOS);
    }

    void signalled(Signal signal, SignalResult result) {
        signals.labels(signal.name(), outcome(result)).inc();
    }

    private static String outcome(SignalResult result) {
        if (result instanceof SignalResult.Sent) {
            return "sent";
        }
        if (result instanceof SignalResult.Gone) {
            return "gone";
        }
        if (result instanceof SignalResult.NotTheSame) {
            return "not_the_same";
        }
        if (result instanceof SignalResult.NoLongerHolds) {
            return "no_longer_holds";
        }
        if (result instanceof SignalResult.Protected) {
            return "protected";
        }
        return result instanceof SignalResult.Denied ? "denied" : "failed";
    }

    void committed(Store.Batch batch, long begun) {
        commits.observe((nanos.getAsLong() - begun) / NANOS);
        journalRows.inc(batch.journal().size());
        auditRecords.inc(batch.audit().size());
    }

    void commitFailed(StoreException failed) {
        commitFailures.labels(lower(failed.kind())).inc();
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static Counter counter(Metric metric, CollectorRegistry registry) {
        return register(Counter.build(), metric, registry);
    }

    private static Histogram timer(Metric metric, CollectorRegistry registry) {
        // Exemplars would name traces, and there are none: looking for one each time costs as much as counting.
        return register(Histogram.build().buckets(SECONDS).withoutExemplars(), metric, registry);
    }

    private static <B extends SimpleCollector.Builder<B, C>, C extends SimpleCollector<?>> C register(
            B builder, Metric metric, CollectorRegistry registry) {
        C collector = builder.name(metric.name())
                .help(metric.help())
                .labelNames(metric.labels().toArray(String[]::new))
                .create();
        registry.register(new Undated(collector));
        return collector;
    }
}
