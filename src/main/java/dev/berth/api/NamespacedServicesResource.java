package dev.berth.api;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;

/** The services of any namespace. */
@Singleton
@Path("/namespaces/{namespace}/services")
public class NamespacedServicesResource extends ServiceMethods {
    NamespacedServicesResource(Backend backend, CurrentCaller caller) {
        super(backend, caller);
    }
}
