package dev.berth.api;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;

/** The logs of the services of any namespace. */
@Singleton
@Path("/namespaces/{namespace}/services")
public class NamespacedLogsResource extends LogMethods {
    NamespacedLogsResource(Backend backend, LogStreams logs, CurrentCaller caller) {
        super(backend, logs, caller);
    }
}
