package dev.berth.api;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;

/** Several services of any namespace at once. */
@Singleton
@Path("/namespaces/{namespace}/services")
public class NamespacedBatchResource extends BatchMethods {
    NamespacedBatchResource(Backend backend, SettlementWaits waits, CurrentCaller caller) {
        super(backend, waits, caller);
    }
}
