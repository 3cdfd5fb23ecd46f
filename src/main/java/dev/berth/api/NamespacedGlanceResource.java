package dev.berth.api;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;

/** Short answers about the services of any namespace. */
@Singleton
@Path("/namespaces/{namespace}/services")
public class NamespacedGlanceResource extends GlanceMethods {
    NamespacedGlanceResource(Backend backend, CurrentCaller caller) {
        super(backend, caller);
    }
}
