package dev.berth.launch;

import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import java.util.Collection;
import java.util.function.Predicate;

/** What is known of the ports of a namespace's services. */
interface PortBook {
    /** @param service a name within the namespace */
    Entry of(String service);

    /** One service's. */
    sealed interface Entry {
        record Assigned(Endpoint endpoint) implements Entry {}

        record Unassigned() implements Entry {}

        record Undeclared() implements Entry {}
    }

    /** @param service counts as it is given, whatever stands among the others */
    static PortBook of(Service service, Collection<Service> all) {
        return name -> {
            ServiceKey key = new ServiceKey(service.metadata().namespace(), name);
            if (key.equals(service.key())) {
                return entry(service);
            }
            return all.stream()
                    .filter(each -> each.key().equals(key))
                    .findFirst()
                    .map(PortBook::entry)
                    .orElseGet(Entry.Undeclared::new);
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
