package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.host.ProcessMeter;
import dev.berth.host.ProcessTable;
import dev.berth.host.TrafficMeter;
import dev.berth.model.Launch;
import dev.berth.model.LimitReading;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.model.ProcessUsage;
import dev.berth.model.Protocol;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.Traffic;
import dev.berth.store.Registry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Measures what services use of the machine, all in one look, and keeps the latest samples in memory. Nothing of it
 * changes a service: a world that is settled stays so however often it is measured. A service that begins or ceases to exceed a
 * threshold is enqueued.
 */
public final class UsageMonitor {
    /** A sample as young as this is shown again; rates over less time say little, as the kernel counts in 10 ms. */
    static final Duration FRESH = Duration.ofSeconds(2);

    /** Rhythms that come every second are never quite on time: a due sample must not wait for the next one. */
    private static final Duration SLACK = Duration.ofMillis(500);

    private static final String SUBJECT = "measuring what services use";

    private final Registry registry;
    private final ProcessTable table;
    private final ProcessMeter processes;
    private final TrafficMeter traffic;
    private final Answers answers;
    private final Supplier<UsageRules> rules;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private final Consumer<WorkKey> enqueue;
    private final Troubles troubles;

    private final ReentrantLock sampling = new ReentrantLock();
    private final Map<ServiceKey, UsageTrack> tracks = new ConcurrentHashMap<>();
    /** When the last look was tried, by the ticker; guarded by {@code sampling}. */
    private Optional<Long> lastLook = Optional.empty();

    private volatile Optional<Listener> listener = Optional.empty();

    /** Is told of every look at every service. Must return at once. */
    public interface Listener {
        /**
         * @param usage empty where nothing of it runs
         * @param answers what its health checks were answered lately, told before or not, oldest first
         */
        void looked(Instant at, Service service, Optional<Usage> usage, List<HealthMonitor.Sample> answers);
    }

    /** What health checks were answered, oldest first. */
    interface Answers {
        List<HealthMonitor.Sample> recent(ServiceKey service);
    }

    UsageMonitor(
            Registry registry,
            ProcessTable table,
            ProcessMeter processes,
            TrafficMeter traffic,
            Answers answers,
            Supplier<UsageRules> rules,
            InstantSource clock,
            LongSupplier ticker,
            Consumer<WorkKey> enqueue,
            Troubles troubles) {
        this.registry = registry;
        this.table = table;
        this.processes = processes;
        this.traffic = traffic;
        this.answers = answers;
        this.rules = rules;
        this.clock = clock;
        this.ticker = ticker;
        this.enqueue = enqueue;
        this.troubles = troubles;
    }

    /** Whom to tell; one only. */
    public void tell(Listener whom) {
        listener = Optional.of(whom);
    }

    /** Takes a sample when one is due; to be called about every second. */
    public void sampleWhenDue() {
        sampleAfter(rules.get().interval().minus(SLACK));
    }

    /** Sees to it that the latest sample is not older than a moment, whoever else asks for the same. */
    public void refresh() {
        sampleAfter(FRESH);
    }

    /** The latest sample of the process that the service has now; empty before the first one. */
    public Optional<Usage> latest(Service service) {
        List<Usage> samples = track(service).map(UsageTrack::recent).orElse(List.of());
        return samples.isEmpty() ? Optional.empty() : Optional.of(samples.get(samples.size() - 1));
    }

    /** The latest samples, of earlier launches too, oldest first. */
    public List<Usage> recent(ServiceKey key) {
        UsageTrack track = tracks.get(key);
        return track == null ? List.of() : track.recent();
    }

    /** How the service keeps within the thresholds; empty when none is set. */
    Optional<LimitReading> limits(Service service) {
        UsageRules current = rules.get();
        return current.hasThresholds()
                ? Optional.of(
                        track(service).map(UsageTrack::limits).orElseGet(() -> LimitWatch.undecided(current.restart())))
                : Optional.empty();
    }

    private Optional<UsageTrack> track(Service service) {
        return Optional.ofNullable(tracks.get(service.key()))
                .filter(track -> track.isOf(service.metadata().uid()))
                .filter(track -> track.leader().isPresent()
                        && track.leader().equals(service.status().process()));
    }

    private void sampleAfter(Duration age) {
        sampling.lock();
        try {
            long now = ticker.getAsLong();
            if (lastLook.isPresent() && now - lastLook.get() < age.toNanos()) {
                return;
            }
            lastLook = Optional.of(now);
            sample();
            troubles.end(SUBJECT);
        } catch (ObservationException e) {
            troubles.begin(SUBJECT, "what services use can't be measured: " + e.getMessage());
        } finally {
            sampling.unlock();
        }
    }

    private void sample() throws ObservationException {
        List<Service> services = registry.services();
        Set<ServiceKey> declared = services.stream().map(Service::key).collect(Collectors.toSet());
        tracks.keySet().retainAll(declared);
        List<Service> running = services.stream()
                .filter(service -> service.status().process().isPresent())
                .toList();
        Map<ServiceKey, List<ProcessRef>> families = families(running);
        Map<ProcessRef, ProcessUsage> measured = families.isEmpty()
                ? Map.of()
                : processes.measure(families.values().stream()
                        .flatMap(List::stream)
                        .distinct()
                        .toList());
        Optional<Map<Integer, List<Traffic>>> byPort = traffic(running);
        Instant at = clock.instant();
        long now = ticker.getAsLong();
        for (Service service : services) {
            Optional<Usage> usage =
                    add(service, families.getOrDefault(service.key(), List.of()), measured, byPort, at, now);
            listener.ifPresent(each -> each.looked(at, service, usage, answers.recent(service.key())));
        }
    }

    private Map<ServiceKey, List<ProcessRef>> families(List<Service> running) throws ObservationException {
        Map<ServiceKey, List<ProcessRef>> families = new LinkedHashMap<>();
        if (running.isEmpty()) {
            return families;
        }
        Kindred kindred = new Kindred(table.read());
        for (Service service : running) {
            Optional<String> launch = service.status().runOrNone().launch().map(Launch::id);
            families.put(
                    service.key(), kindred.family(service.status().process().orElseThrow(), launch, List.of()));
        }
        return families;
    }

    /** Empty where the system does not tell. */
    private Optional<Map<Integer, List<Traffic>>> traffic(List<Service> running) throws ObservationException {
        Set<Integer> ports =
                running.stream().flatMap(service -> tcpPort(service).stream()).collect(Collectors.toSet());
        if (ports.isEmpty()) {
            return Optional.of(Map.of());
        }
        return traffic.read(ports).map(all -> all.stream().collect(Collectors.groupingBy(Traffic::localPort)));
    }

    private static Optional<Integer> tcpPort(Service service) {
        return service.assigned()
                .filter(port -> port.protocol() == Protocol.TCP)
                .map(PortKey::port);
    }

    private Optional<Usage> add(
            Service service,
            List<ProcessRef> family,
            Map<ProcessRef, ProcessUsage> measured,
            Optional<Map<Integer, List<Traffic>>> byPort,
            Instant at,
            long now) {
        Optional<ProcessRef> first = service.status().process().filter(measured::containsKey);
        UsageTrack track = tracks.compute(
                service.key(),
                (key, known) -> known != null && known.isOf(service.metadata().uid())
                        ? known
                        : new UsageTrack(service.metadata().uid()));
        if (first.isEmpty()) {
            track.idle();
            return Optional.empty();
        }
        Map<ProcessRef, ProcessUsage> own = new HashMap<>();
        for (ProcessRef member : family) {
            Optional.ofNullable(measured.get(member)).ifPresent(usage -> own.put(member, usage));
        }
        boolean changed = track.add(
                first.get(),
                own,
                byPort.flatMap(all -> tcpPort(service).map(port -> all.getOrDefault(port, List.of()))),
                answers(service),
                rules.get(),
                at,
                now);
        if (changed) {
            enqueue.accept(WorkKey.service(service.key()));
        }
        List<Usage> recent = track.recent();
        return Optional.of(recent.get(recent.size() - 1));
    }

    /** Of the present launch only. */
    private List<HealthMonitor.Sample> answers(Service service) {
        Optional<Instant> since = service.status().runOrNone().launch().map(Launch::at);
        return answers.recent(service.key()).stream()
                .filter(sample -> since.filter(sample.at()::isBefore).isEmpty())
                .toList();
    }
}
