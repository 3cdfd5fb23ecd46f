package dev.berth.api;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;

/** The logs of the services of the caller's own namespace. */
@Singleton
@Path("/services")
public class LogsResource extends LogMethods {
    LogsResource(Backend backend, LogStreams logs, CurrentCaller caller) {
        super(backend, logs, caller);
    }
}
