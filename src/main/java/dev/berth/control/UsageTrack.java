package dev.berth.control;

import dev.berth.control.Usage.ResponseTime;
import dev.berth.control.Usage.Throughput;
import dev.berth.model.LimitReading;
import dev.berth.model.ProcessRef;
import dev.berth.model.ProcessUsage;
import dev.berth.model.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The samples of one service, and what the next one is compared with. One thread at a time adds; any may read. */
final class UsageTrack {
    /** How many are kept: ten minutes of the usual interval. */
    private static final int KEPT = 40;

    /** Over which response times are averaged. */
    private static final Duration AVERAGED = Duration.ofMinutes(1);

    private final String uid;
    private volatile List<Usage> recent = List.of();
    private volatile Optional<ProcessRef> leader = Optional.empty();
    private Map<ProcessRef, ProcessUsage> before = Map.of();
    private Duration cpuTotal = Duration.ZERO;
    private Map<Long, Traffic> connections = Map.of();
    private Optional<Long> trafficAt = Optional.empty();
    private LimitWatch watch = new LimitWatch();
    private volatile LimitReading limits = LimitWatch.undecided(false);
    private long received;
    private long sent;
    private long sampledAt;

    /** @param uid of the service: another one of its name begins anew */
    UsageTrack(String uid) {
        this.uid = uid;
    }

    boolean isOf(String otherUid) {
        return uid.equals(otherUid);
    }

    /** The latest first process that was measured; empty while none runs. */
    Optional<ProcessRef> leader() {
        return leader;
    }

    /** Oldest first. */
    List<Usage> recent() {
        return recent;
    }

    /** How the latest first process keeps within the thresholds. */
    LimitReading limits() {
        return limits;
    }

    /** Nothing of it runs; its totals stay. */
    void idle() {
        leader = Optional.empty();
        before = Map.of();
    }

    /**
     * One look.
     *
     * @param family every member that was measured, the first process among them
     * @param traffic of its port; empty where it is not told
     * @param answers of its present launch's health check, oldest first
     * @param now by the ticker
     * @return whether it now keeps within the thresholds otherwise than before
     */
    boolean add(
            ProcessRef first,
            Map<ProcessRef, ProcessUsage> family,
            Optional<List<Traffic>> traffic,
            List<HealthMonitor.Sample> answers,
            UsageRules rules,
            Instant at,
            long now) {
        boolean same = leader.filter(first::equals).isPresent();
        Duration used = same ? used(before, family) : all(family.values());
        OptionalDouble cpu = same ? rate(used.toNanos() / 1e9, sampledAt, now) : OptionalDouble.empty();
        cpuTotal = cpuTotal.plus(used);
        ProcessUsage own = family.get(first);
        Usage usage = new Usage(
                at,
                cpu,
                cpuTotal,
                family.values().stream().mapToLong(ProcessUsage::residentBytes).sum(),
                family.values().stream().mapToLong(ProcessUsage::threads).sum(),
                openFiles(family.values()),
                family.size(),
                own == null ? Duration.ZERO : own.age(),
                responseTime(answers),
                traffic.map(seen -> throughput(seen, now)));
        before = Map.copyOf(family);
        sampledAt = now;
        List<Usage> kept = new ArrayList<>(recent);
        kept.add(usage);
        recent = List.copyOf(kept.subList(Math.max(0, kept.size() - KEPT), kept.size()));
        if (!same) {
            watch = new LimitWatch();
            limits = LimitWatch.undecided(rules.restart());
        }
        LimitReading reading = watch.see(usage, rules, now);
        boolean changed = rules.hasThresholds() && !reading.equals(limits);
        limits = reading;
        leader = Optional.of(first);
        return changed;
    }

    /**
     * What was used between two looks. A child that ended left what it used to the parent that waited for it, so that the
     * whole only grows; where nobody waited, what it used vanishes, and what the others used is seen by each alone.
     */
    private static Duration used(Map<ProcessRef, ProcessUsage> before, Map<ProcessRef, ProcessUsage> now) {
        Duration whole = all(now.values()).minus(all(before.values()));
        Duration each = Duration.ZERO;
        for (Map.Entry<ProcessRef, ProcessUsage> entry : now.entrySet()) {
            ProcessUsage known = before.get(entry.getKey());
            Duration own = known == null
                    ? entry.getValue().cpu()
                    : entry.getValue().cpu().minus(known.cpu());
            each = each.plus(own.isNegative() ? Duration.ZERO : own);
        }
        return whole.compareTo(each) > 0 ? whole : each;
    }

    private static Duration all(Collection<ProcessUsage> family) {
        return family.stream()
                .map(usage -> usage.cpu().plus(usage.childrenCpu()))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static OptionalDouble rate(double amount, long since, long now) {
        return now > since ? OptionalDouble.of(amount * 1e9 / (now - since)) : OptionalDouble.empty();
    }

    private static OptionalLong openFiles(Collection<ProcessUsage> family) {
        return family.stream().anyMatch(usage -> usage.openFiles().isEmpty())
                ? OptionalLong.empty()
                : OptionalLong.of(family.stream()
                        .mapToLong(usage -> usage.openFiles().orElse(0))
                        .sum());
    }

    private static Optional<ResponseTime> responseTime(List<HealthMonitor.Sample> answers) {
        List<HealthMonitor.Sample> good =
                answers.stream().filter(HealthMonitor.Sample::healthy).toList();
        if (good.isEmpty()) {
            return Optional.empty();
        }
        HealthMonitor.Sample last = good.get(good.size() - 1);
        List<Duration> lately = good.stream()
                .filter(each -> !each.at().isBefore(last.at().minus(AVERAGED)))
                .map(HealthMonitor.Sample::took)
                .toList();
        Duration sum = lately.stream().reduce(Duration.ZERO, Duration::plus);
        return Optional.of(new ResponseTime(last.took(), sum.dividedBy(lately.size())));
    }

    private Throughput throughput(List<Traffic> seen, long now) {
        Map<Long, Traffic> open = new HashMap<>();
        long newlyReceived = 0;
        long newlySent = 0;
        for (Traffic each : seen) {
            Traffic known = connections.get(each.connection());
            newlyReceived += Math.max(0, each.received() - (known == null ? 0 : known.received()));
            newlySent += Math.max(0, each.sent() - (known == null ? 0 : known.sent()));
            open.put(each.connection(), each);
        }
        received += newlyReceived;
        sent += newlySent;
        Throughput throughput = new Throughput(
                open.size(),
                trafficAt.isPresent() ? rate(newlyReceived, trafficAt.get(), now) : OptionalDouble.empty(),
                trafficAt.isPresent() ? rate(newlySent, trafficAt.get(), now) : OptionalDouble.empty(),
                received,
                sent);
        connections = open;
        trafficAt = Optional.of(now);
        return throughput;
    }
}
