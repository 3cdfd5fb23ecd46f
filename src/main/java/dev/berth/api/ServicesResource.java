package dev.berth.api;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;

/** The services of the caller's own namespace. */
@Singleton
@Path("/services")
public class ServicesResource extends ServiceMethods {
    ServicesResource(Backend backend, CurrentCaller caller) {
        super(backend, caller);
    }
}
