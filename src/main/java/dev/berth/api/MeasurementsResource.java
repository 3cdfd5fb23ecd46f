package dev.berth.api;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;

/** What was measured of the services of the caller's own namespace. */
@Singleton
@Path("/services")
public class MeasurementsResource extends MeasurementsMethods {
    MeasurementsResource(Backend backend, CurrentCaller caller) {
        super(backend, caller);
    }
}
