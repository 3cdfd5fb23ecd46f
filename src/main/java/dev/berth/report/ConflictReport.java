package dev.berth.report;

import dev.berth.model.Conflict;
import dev.berth.model.DecisionKind;
import dev.berth.model.PortKey;
import dev.berth.model.ServiceKey;
import dev.berth.model.Severity;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Conflicts added up. Each is counted once in every list, so the lists' sums are the total.
 *
 * @param ports the most contested first, as all lists
 */
public record ConflictReport(
        int total,
        int open,
        Map<Severity, Integer> severities,
        Map<DecisionKind, Integer> decisions,
        List<OfPort> ports,
        List<OfService> services,
        List<OfHolder> holders) {
    /**
     * @param moved how often the service went elsewhere
     * @param ended how often the decision was to end the holder
     * @param holder who was in the way most often, and {@code byHolder} how often
     */
    public record OfPort(
            PortKey port,
            int conflicts,
            int moved,
            int ended,
            String holder,
            int byHolder,
            List<ServiceKey> services,
            Instant last) {}

    /** @param unsettled how many failed, were dismissed or are open */
    public record OfService(ServiceKey service, int conflicts, int moved, int unsettled, Instant last) {}

    /** @param ports that it was in the way on */
    public record OfHolder(String holder, int conflicts, List<PortKey> ports, Instant last) {}

    /** Adds up what is given, in any order. */
    public static ConflictReport of(Collection<Conflict> conflicts) {
        Map<Severity, Integer> severities = new EnumMap<>(Severity.class);
        Map<DecisionKind, Integer> decisions = new EnumMap<>(DecisionKind.class);
        for (Conflict conflict : conflicts) {
            severities.merge(conflict.severity(), 1, Integer::sum);
            decisions.merge(conflict.decision(), 1, Integer::sum);
        }
        return new ConflictReport(
                conflicts.size(),
                (int) conflicts.stream().filter(each -> each.state().isOpen()).count(),
                severities,
                decisions,
                by(conflicts, Conflict::port, ConflictReport::ofPort, Comparator.comparing(OfPort::conflicts)),
                by(conflicts, Conflict::service, ConflictReport::ofService, Comparator.comparing(OfService::conflicts)),
                by(
                        conflicts,
                        conflict -> conflict.holder().name(),
                        ConflictReport::ofHolder,
                        Comparator.comparing(OfHolder::conflicts)));
    }

    private interface Line<K, L> {
        L of(K key, List<Conflict> conflicts);
    }

    /** The most first; of equals the one that was contested first stays first. */
    private static <K, L> List<L> by(
            Collection<Conflict> conflicts, Function<Conflict, K> key, Line<K, L> line, Comparator<L> count) {
        Map<K, List<Conflict>> groups =
                conflicts.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
        return groups.entrySet().stream()
                .map(group -> line.of(group.getKey(), group.getValue()))
                .sorted(count.reversed())
                .toList();
    }

    private static OfPort ofPort(PortKey port, List<Conflict> conflicts) {
        Map<String, Long> holders = conflicts.stream()
                .collect(Collectors.groupingBy(
                        conflict -> conflict.holder().name(), LinkedHashMap::new, Collectors.counting()));
        Map.Entry<String, Long> most =
                holders.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        return new OfPort(
                port,
                conflicts.size(),
                count(conflicts, DecisionKind.MIGRATE),
                count(conflicts, DecisionKind.TERMINATE),
                most.getKey(),
                most.getValue().intValue(),
                List.copyOf(conflicts.stream().map(Conflict::service).collect(Collectors.toCollection(TreeSet::new))),
                last(conflicts));
    }

    private static OfService ofService(ServiceKey service, List<Conflict> conflicts) {
        long settled = conflicts.stream()
                .filter(each -> each.state() == Conflict.State.RESOLVED)
                .count();
        return new OfService(
                service,
                conflicts.size(),
                count(conflicts, DecisionKind.MIGRATE),
                conflicts.size() - (int) settled,
                last(conflicts));
    }

    private static OfHolder ofHolder(String holder, List<Conflict> conflicts) {
        return new OfHolder(
                holder,
                conflicts.size(),
                List.copyOf(conflicts.stream().map(Conflict::port).collect(Collectors.toCollection(TreeSet::new))),
                last(conflicts));
    }

    private static int count(List<Conflict> conflicts, DecisionKind decision) {
        return (int)
                conflicts.stream().filter(each -> each.decision() == decision).count();
    }

    private static Instant last(List<Conflict> conflicts) {
        return conflicts.stream()
                .map(Conflict::detectedAt)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }
}
