package dev.berth.launch;

import dev.berth.model.Instances;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What is known of the ports of a namespace's services. */
interface PortBook {
    /** @param service a name within the namespace */
    Entry of(String service);

    /** The ports of all instances of a service that has replicas, the first one's first; none of one that has not. */
    default List<Integer> ports(String service) {
        return List.of();
    }

    /** One service's. */
    sealed interface Entry {
        record Assigned(Endpoint endpoint) implements Entry {}

        record Unassigned() implements Entry {}

        record Undeclared() implements Entry {}
    }

    /**
     * A replica goes by its service's name in its own texts, so that {@code {services.NAME.port}} and {@code NAME_PORT} are
     * what they are for the first instance: its own.
     *
     * @param service counts as it is given, whatever stands among the others
     */
    static PortBook of(Service service, Collection<Service> all) {
        return new PortBook() {
            @Override
            public Entry of(String name) {
                ServiceKey key = new ServiceKey(service.metadata().namespace(), name);
                return key.equals(service.key().origin())
                        ? entry(service)
                        : find(key).map(PortBook::entry).orElseGet(Entry.Undeclared::new);
            }

            @Override
            public List<Integer> ports(String name) {
                ServiceKey key = new ServiceKey(service.metadata().namespace(), name);
                return find(key)
                        .filter(found -> found.spec().replicas() > 1)
                        .map(found -> Instances.of(found, all).lasting().stream()
                                .map(each -> each.key().equals(service.key()) ? service : each)
                                .flatMap(each -> each.assigned().stream())
                                .map(PortKey::port)
                                .toList())
                        .orElse(List.of());
            }

            private Optional<Service> find(ServiceKey key) {
                return key.equals(service.key())
                        ? Optional.of(service)
                        : all.stream().filter(each -> each.key().equals(key)).findFirst();
            }
        };
    }

    /** Before any port is assigned. */
    static PortBook unassigned(ServiceKey own, Predicate<ServiceKey> declared) {
        return name -> {
            ServiceKey key = new ServiceKey(own.namespace(), name);
            return key.equals(own) || declared.test(key) ? new Entry.Unassigned() : new Entry.Undeclared();
        };
    }

    private static Entry entry(Service service) {
        return service.assigned()
                .<Entry>map(port -> new Entry.Assigned(Endpoint.of(service.spec(), port)))
                .orElseGet(Entry.Unassigned::new);
    }
}
