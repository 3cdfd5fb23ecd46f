package dev.berth.config;

import dev.berth.model.ReservationRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a whole {@code berth.yaml} says.
 *
 * @param stack the name that its services belong together under
 * @param settings by key, valid for their settings, as texts
 */
public record StackFile(
        Optional<String> stack,
        List<DeclaredService> services,
        List<ReservationRequest> reservations,
        Map<String, String> settings) {
    public StackFile {
        services = List.copyOf(services);
        reservations = List.copyOf(reservations);
        settings = Map.copyOf(settings);
    }
}
