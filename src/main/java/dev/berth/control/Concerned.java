package dev.berth.control;

import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.store.Registry;
import java.util.LinkedHashSet;
import java.util.OptionalInt;
import java.util.Set;

/** Which keys a change on a port concerns. */
final class Concerned {
    private final Registry registry;

    Concerned(Registry registry) {
        this.registry = registry;
    }

    Set<WorkKey> with(Set<PortKey> ports) {
        Set<WorkKey> keys = new LinkedHashSet<>();
        for (PortKey port : ports) {
            if (registry.eviction(port).isPresent()) {
                keys.add(WorkKey.eviction(port));
            }
            if (registry.reservation(port).isPresent()) {
                keys.add(WorkKey.reservation(port));
            }
        }
        for (Service service : registry.services()) {
            if (isConcerned(service, ports)) {
                keys.add(WorkKey.service(service.key()));
            }
        }
        return keys;
    }

    /** Alternatives matter only to a service that has no port: it may be waiting for one. */
    private static boolean isConcerned(Service service, Set<PortKey> ports) {
        OptionalInt assigned = service.status().port();
        if (isAmong(ports, service, assigned)
                || isAmong(ports, service, service.spec().port())) {
            return true;
        }
        return assigned.isEmpty()
                && service.spec().alternativePorts().stream()
                        .anyMatch(port -> isAmong(ports, service, OptionalInt.of(port)));
    }

    /** Makes nothing: it is asked of every service for each socket that closes, and that is nearly always one port. */
    private static boolean isAmong(Set<PortKey> ports, Service service, OptionalInt wanted) {
        if (wanted.isEmpty()) {
            return false;
        }
        for (PortKey port : ports) {
            if (port.port() == wanted.getAsInt()
                    && port.protocol() == service.spec().protocol()) {
                return true;
            }
        }
        return false;
    }
}
