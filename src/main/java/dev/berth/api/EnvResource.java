package dev.berth.api;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;

/** The told ports of a service of the caller's own namespace. */
@Singleton
@Path("/services/{name}/env")
public class EnvResource extends EnvMethods {
    EnvResource(Backend backend, CurrentCaller caller) {
        super(backend, caller);
    }
}
