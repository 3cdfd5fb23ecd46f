package dev.berth.api;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;

/** What was measured of the services of any namespace. */
@Singleton
@Path("/namespaces/{namespace}/services")
public class NamespacedMeasurementsResource extends MeasurementsMethods {
    NamespacedMeasurementsResource(Backend backend, CurrentCaller caller) {
        super(backend, caller);
    }
}
