package dev.berth.api;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;

/** Short answers about the services of the caller's own namespace. */
@Singleton
@Path("/services")
public class GlanceResource extends GlanceMethods {
    GlanceResource(Backend backend, CurrentCaller caller) {
        super(backend, caller);
    }
}
