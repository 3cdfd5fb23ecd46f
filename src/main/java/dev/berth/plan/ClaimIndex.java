package dev.berth.plan;

import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which services have and which prefer a port. Made once per list of declared services and shared by every pass that judges
 * one of them, so that it tells of all and the one that asks is left out of each answer.
 */
final class ClaimIndex {
    /** The oldest declaration first; of two of the same moment the name decides, so that all passes agree. */
    static final Comparator<Service> BY_AGE = Comparator.comparing(
                    (Service service) -> service.metadata().creationTimestamp())
            .thenComparing(Service::key);

    private final List<Service> services;
    private final Map<PortKey, List<Service>> assigned = new HashMap<>();
    private final Map<PortKey, List<Service>> preferred = new HashMap<>();

    /** @param services in any order */
    ClaimIndex(List<Service> services) {
        this.services = services;
        for (Service service : services) {
            service.assigned().ifPresent(port -> add(assigned, port, service));
            service.spec().preferred().ifPresent(port -> add(preferred, port, service));
        }
        assigned.values().forEach(each -> each.sort(BY_AGE));
        preferred.values().forEach(each -> each.sort(BY_AGE));
    }

    private static void add(Map<PortKey, List<Service>> to, PortKey port, Service service) {
        to.computeIfAbsent(port, key -> new ArrayList<>(1)).add(service);
    }

    boolean isOf(List<Service> other) {
        return services == other;
    }

    /** The oldest service but {@code asking} that the port is assigned to. */
    Optional<Service> assigned(PortKey port, ServiceKey asking) {
        return oldest(assigned, port, asking, service -> true);
    }

    /** The oldest service but {@code asking} that names the port as its own and fulfils the condition. */
    Optional<Service> preferred(PortKey port, ServiceKey asking, Predicate<Service> condition) {
        return oldest(preferred, port, asking, condition);
    }

    private static Optional<Service> oldest(
            Map<PortKey, List<Service>> claims, PortKey port, ServiceKey asking, Predicate<Service> condition) {
        for (Service service : claims.getOrDefault(port, List.of())) {
            if (condition.test(service) && !service.key().equals(asking)) {
                return Optional.of(service);
            }
        }
        return Optional.empty();
    }
}
