package dev.berth.api;

import dev.berth.model.Caller;
import dev.berth.model.Fault;
import dev.berth.model.ServiceKey;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;

/** Which service an address means: {@code /services/NAME} or {@code /namespaces/NS/services/NAME}. */
final class ServiceAddress {
    private static final String NAMESPACE = "namespace";

    private ServiceAddress() {}

    /** The namespace of the address, or the caller's own. */
    static String namespace(UriInfo uri, Caller caller) {
        List<String> given = uri.getPathParameters().getOrDefault(NAMESPACE, List.of());
        return given.isEmpty() ? caller.namespace() : given.get(0);
    }

    /** For a service that is about to be declared: tells what is wrong with its name. */
    static ServiceKey named(String name, UriInfo uri, Caller caller) {
        List<Fault> faults = new ArrayList<>();
        String namespace = namespace(uri, caller);
        String allowed = "1 to 63 lower-case letters, digits and inner hyphens";
        if (!ServiceKey.isLabel(name)) {
            faults.add(new Fault("metadata.name", allowed, Wire.quote(name)));
        }
        if (!ServiceKey.isLabel(namespace)) {
            faults.add(new Fault("metadata.namespace", allowed, Wire.quote(namespace)));
        }
        if (!faults.isEmpty()) {
            throw Problems.invalid("the address", faults);
        }
        return new ServiceKey(namespace, name);
    }

    /** For reading: a service, or one of its replicas. */
    static ServiceKey instance(String name, UriInfo uri, Caller caller) {
        String namespace = namespace(uri, caller);
        return ServiceKey.isName(name) && ServiceKey.isLabel(namespace)
                ? new ServiceKey(namespace, name)
                : existing(name, uri, caller);
    }

    /** For a service that is there already: one with such a name can't be. */
    static ServiceKey existing(String name, UriInfo uri, Caller caller) {
        String namespace = namespace(uri, caller);
        if (!ServiceKey.isLabel(name) || !ServiceKey.isLabel(namespace)) {
            throw Problems.notFound("service " + Wire.quote(name) + " in the namespace " + Wire.quote(namespace));
        }
        return new ServiceKey(namespace, name);
    }
}
