package dev.berth.plan;

import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which services have and which prefer a port. Made once per list of declared services and shared by every pass that judges
 * one of them, so that it tells of all and the one that asks is left out of each answer.
 *
 * <p>The first questions are answered by going through the list: between two changes of one service nobody asks more, and
 * to index a thousand for that would cost more than it spares. A resync, or the search for a free port, asks often. For any
 * thread.
 */
final class ClaimIndex {
    /** The oldest declaration first; of two of the same moment the name decides, so that all passes agree. */
    static final Comparator<Service> BY_AGE = Comparator.comparing(
                    (Service service) -> service.metadata().creationTimestamp())
            .thenComparing(Service::key);

    /** To index the list costs as much as going through it about so often. */
    static final int UNINDEXED_QUESTIONS = 8;

    private final List<Service> services;
    private final AtomicInteger questions = new AtomicInteger();
    private volatile @Nullable ByPort byPort;

    /** @param services in any order */
    ClaimIndex(List<Service> services) {
        this.services = services;
    }

    private record ByPort(
            Map<PortKey, List<Service>> assigned, Map<PortKey, List<Service>> preferred, PortMap tcp, PortMap udp) {
        static ByPort of(List<Service> services) {
            ByPort made = new ByPort(new HashMap<>(), new HashMap<>(), new PortMap(), new PortMap());
            for (Service service : services) {
                service.assigned().ifPresent(port -> {
                    add(made.assigned, port, service);
                    made.taken(port.protocol()).add(port.port());
                });
                service.spec().preferred().ifPresent(port -> add(made.preferred, port, service));
            }
            return made;
        }

        PortMap taken(Protocol protocol) {
            return protocol == Protocol.TCP ? tcp : udp;
        }

        private static void add(Map<PortKey, List<Service>> to, PortKey port, Service service) {
            to.computeIfAbsent(port, key -> new ArrayList<>(1)).add(service);
        }
    }

    boolean isOf(List<Service> other) {
        return services == other;
    }

    /** The oldest service but {@code asking} that the port is assigned to. */
    Optional<Service> assigned(PortKey port, ServiceKey asking) {
        return assigned(port, service -> !service.key().equals(asking));
    }

    /** The oldest service that the port is assigned to and that fulfils the condition. */
    Optional<Service> assigned(PortKey port, Predicate<Service> condition) {
        ByPort indexed = indexed();
        return oldest(
                indexed == null ? services : indexed.assigned().getOrDefault(port, List.of()),
                service -> isAssigned(service, port) && condition.test(service));
    }

    /** The oldest service but {@code asking} that names the port as its own and fulfils the condition. */
    Optional<Service> preferred(PortKey port, ServiceKey asking, Predicate<Service> condition) {
        return preferred(
                port, service -> condition.test(service) && !service.key().equals(asking));
    }

    /** The oldest service that names the port as its own and fulfils the condition. */
    Optional<Service> preferred(PortKey port, Predicate<Service> condition) {
        ByPort indexed = indexed();
        return oldest(
                indexed == null ? services : indexed.preferred().getOrDefault(port, List.of()),
                service -> prefers(service, port) && condition.test(service));
    }

    /** Every port that is assigned to one of them. Asks for the index: who wants this searches. */
    PortMap taken(Protocol protocol) {
        return index().taken(protocol);
    }

    private @Nullable ByPort indexed() {
        return byPort == null && questions.incrementAndGet() > UNINDEXED_QUESTIONS ? index() : byPort;
    }

    private ByPort index() {
        ByPort known = byPort;
        if (known == null) {
            known = ByPort.of(services);
            byPort = known;
        }
        return known;
    }

    private static Optional<Service> oldest(List<Service> some, Predicate<Service> which) {
        Service oldest = null;
        for (Service service : some) {
            if (which.test(service) && (oldest == null || BY_AGE.compare(service, oldest) < 0)) {
                oldest = service;
            }
        }
        return Optional.ofNullable(oldest);
    }

    // Without making a key of each: these are asked of every service of the list.

    private static boolean isAssigned(Service service, PortKey port) {
        return service.status().port().isPresent()
                && service.status().port().getAsInt() == port.port()
                && service.spec().protocol() == port.protocol();
    }

    private static boolean prefers(Service service, PortKey port) {
        return service.spec().port().isPresent()
                && service.spec().port().getAsInt() == port.port()
                && service.spec().protocol() == port.protocol();
    }
}
