package dev.berth.api;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;

/** The told ports of a service of any namespace. */
@Singleton
@Path("/namespaces/{namespace}/services/{name}/env")
public class NamespacedEnvResource extends EnvMethods {
    NamespacedEnvResource(Backend backend, CurrentCaller caller) {
        super(backend, caller);
    }
}
