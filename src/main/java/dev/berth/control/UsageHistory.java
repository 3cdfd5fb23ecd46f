package dev.berth.control;

import dev.berth.model.Condition;
import dev.berth.model.Latencies;
import dev.berth.model.Measure;
import dev.berth.model.Measurement;
import dev.berth.model.Resolution;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.Spread;
import dev.berth.store.MeasurementStore;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What was measured of services over time. Each look is put into its span in memory; the spans that are over are written
 * together about once a minute, by whoever calls {@link #write}: so nothing waits for a disk, and what is lost when Berth is
 * killed is what was not written yet, a minute or so.
 */
public final class UsageHistory implements UsageMonitor.Listener, AutoCloseable {
    /** What is kept in memory while it can't be written: an hour of each service. */
    private static final int MOST_UNWRITTEN = 240;

    private static final String WRITING = "keeping what was measured";
    private static final String SHORTENING = "putting old measurements together";

    private final MeasurementStore store;
    private final Supplier<MeasurementStore.Keep> keep;
    private final InstantSource clock;
    private final Troubles troubles;

    /** One writer at a time; never taken while {@code lock} is held. */
    private final ReentrantLock writing = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    // All guarded by lock. Answers since the look before count with this one.
    private final Map<ServiceKey, TreeMap<Instant, Span>> unwritten = new HashMap<>();
    private Instant lookBefore = Instant.MIN;
    private Instant thisLook = Instant.MIN;

    /** @param keep as the settings say now */
    public UsageHistory(
            MeasurementStore store, Supplier<MeasurementStore.Keep> keep, InstantSource clock, DecisionLog log) {
        this.store = store;
        this.keep = keep;
        this.clock = clock;
        this.troubles = new Troubles(log);
    }

    /** One span of one service, as far as it has come. */
    private static final class Span {
        private final Map<Measure, Spread> looks = new EnumMap<>(Measure.class);
        private Optional<Spread> responseTime = Optional.empty();
        private Latencies latencies = Latencies.NONE;

        void add(Measure measure, double value) {
            looks.merge(measure, Spread.of(value), Spread::plus);
        }

        void answered(Duration took) {
            Spread one = Spread.of(took.toNanos() / 1e9);
            responseTime =
                    Optional.of(responseTime.map(before -> before.plus(one)).orElse(one));
            latencies = latencies.plus(Latencies.of(took));
        }

        /** A span counts once, however often somebody looked: else the mean of an hour would lean to where it was looked at. */
        Measurement at(Instant start) {
            Map<Measure, Spread> spreads = new EnumMap<>(Measure.class);
            looks.forEach((measure, spread) -> spreads.put(measure, spread.asOne()));
            responseTime.ifPresent(spread -> spreads.put(Measure.RESPONSE_TIME, spread));
            return new Measurement(start, Resolution.DETAIL, spreads, latencies);
        }
    }

    /** Of a service that neither runs nor should, nothing is kept. */
    @Override
    public void looked(Instant at, Service service, Optional<Usage> usage, List<HealthMonitor.Sample> answers) {
        boolean wanted = service.spec().running() && !service.spec().isObserved();
        if (usage.isEmpty() && !wanted) {
            return;
        }
        lock.lock();
        try {
            if (!at.equals(thisLook)) {
                lookBefore = thisLook;
                thisLook = at;
            }
            Span span = span(service.key(), at);
            span.add(Measure.UP, usage.isPresent() ? 1 : 0);
            span.add(Measure.READY, isReady(service) ? 1 : 0);
            span.add(Measure.RESTARTS, service.status().restarts());
            usage.ifPresent(seen -> add(seen, span));
            answers.stream()
                    .filter(answer -> answer.healthy()
                            && answer.at().isAfter(lookBefore)
                            && !answer.at().isAfter(at))
                    .forEach(answer -> span(service.key(), answer.at()).answered(answer.took()));
        } finally {
            lock.unlock();
        }
    }

    private Span span(ServiceKey service, Instant at) {
        TreeMap<Instant, Span> spans = unwritten.computeIfAbsent(service, key -> new TreeMap<>());
        Span span = spans.computeIfAbsent(Resolution.DETAIL.start(at), start -> new Span());
        while (spans.size() > MOST_UNWRITTEN) {
            spans.pollFirstEntry();
        }
        return span;
    }

    private static void add(Usage seen, Span span) {
        seen.cpu().ifPresent(cpu -> span.add(Measure.CPU, cpu));
        span.add(Measure.MEMORY, seen.memoryBytes());
        span.add(Measure.THREADS, seen.threads());
        seen.openFiles().ifPresent(files -> span.add(Measure.OPEN_FILES, files));
        seen.throughput().ifPresent(through -> {
            span.add(Measure.CONNECTIONS, through.connections());
            through.receivedPerSecond().ifPresent(rate -> span.add(Measure.RECEIVED, rate));
            through.sentPerSecond().ifPresent(rate -> span.add(Measure.SENT, rate));
        });
    }

    private static boolean isReady(Service service) {
        return service.status()
                .condition(Condition.READY)
                .filter(ready -> ready.status() == Condition.Status.TRUE)
                .isPresent();
    }

    /** Writes the spans that are over; to be called about every minute. What can't be written stays for the next time. */
    public void write() {
        // Answers are heard of with the look after them: the span before the present one may still get some.
        write(clock.instant().minus(Resolution.DETAIL.width()));
    }

    private void write(Instant before) {
        writing.lock();
        try {
            Map<ServiceKey, List<Measurement>> batch = unwritten(before);
            if (!batch.isEmpty()) {
                store.add(batch);
                written(batch);
            }
            troubles.end(WRITING);
        } catch (StoreException failed) {
            troubles.begin(
                    WRITING,
                    "what was measured can't be written: " + failed.getMessage()
                            + "; the latest hour is kept in memory until it can");
        } finally {
            writing.unlock();
        }
    }

    private Map<ServiceKey, List<Measurement>> unwritten(Instant before) {
        lock.lock();
        try {
            Map<ServiceKey, List<Measurement>> batch = new LinkedHashMap<>();
            unwritten.forEach((service, spans) -> {
                List<Measurement> over = new ArrayList<>();
                spans.forEach((start, span) -> {
                    if (!start.plus(Resolution.DETAIL.width()).isAfter(before)) {
                        over.add(span.at(start));
                    }
                });
                if (!over.isEmpty()) {
                    batch.put(service, over);
                }
            });
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void written(Map<ServiceKey, List<Measurement>> batch) {
        lock.lock();
        try {
            batch.forEach((service, measurements) -> {
                TreeMap<Instant, Span> spans = unwritten.getOrDefault(service, new TreeMap<>());
                measurements.forEach(each -> spans.remove(each.start()));
                if (spans.isEmpty()) {
                    unwritten.remove(service);
                }
            });
        } finally {
            lock.unlock();
        }
    }

    /**
     * What is known of a span, oldest first, that of this moment included. Nothing of it overlaps.
     *
     * @throws StoreException when what was written can't be read
     */
    public List<Measurement> read(ServiceKey service, Instant since, Instant until) throws StoreException {
        // First what is in memory: what is written in between is seen twice, rather than not at all.
        List<Measurement> fresh = fresh(service);
        Map<Instant, Measurement> all = new TreeMap<>();
        for (Measurement each : fresh) {
            if (each.end().isAfter(since) && each.start().isBefore(until)) {
                all.put(each.start(), each);
            }
        }
        for (Measurement each : store.read(service, since, until)) {
            all.put(each.start(), each);
        }
        return List.copyOf(all.values());
    }

    private List<Measurement> fresh(ServiceKey service) {
        lock.lock();
        try {
            List<Measurement> fresh = new ArrayList<>();
            unwritten.getOrDefault(service, new TreeMap<>()).forEach((start, span) -> fresh.add(span.at(start)));
            return fresh;
        } finally {
            lock.unlock();
        }
    }

    /** Of whom something may be known in a span, whether they still exist or not. */
    public Set<ServiceKey> services(Instant since, Instant until) throws StoreException {
        Set<ServiceKey> all = new TreeSet<>(store.services(since, until));
        lock.lock();
        try {
            all.addAll(unwritten.keySet());
        } finally {
            lock.unlock();
        }
        return all;
    }

    /** Puts together and drops what has become old; to be called every few minutes. */
    public void shorten() {
        writing.lock();
        try {
            store.shorten(clock.instant(), keep.get());
            troubles.end(SHORTENING);
        } catch (StoreException failed) {
            troubles.begin(
                    SHORTENING,
                    "old measurements can't be put together or dropped: " + failed.getMessage()
                            + "; tried again later");
        } finally {
            writing.unlock();
        }
    }

    /** Writes everything, also what is not over yet: the next Berth adds to it. */
    @Override
    public void close() {
        write(Instant.MAX);
    }
}
