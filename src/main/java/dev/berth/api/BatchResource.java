package dev.berth.api;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;

/** Several services of the caller's own namespace at once. */
@Singleton
@Path("/services")
public class BatchResource extends BatchMethods {
    BatchResource(Backend backend, SettlementWaits waits, CurrentCaller caller) {
        super(backend, waits, caller);
    }
}
