package dev.berth.control;

import dev.berth.model.ReservationRequest;
import java.util.List;
import java.util.Optional;

/**
 * What a whole file asks for; validated where it was read.
 *
 * @param name the stack that its services belong to; remembered with each of them
 * @param prune with a name: delete what an earlier apply of it declared and this one doesn't
 */
public record Stack(
        Optional<String> name,
        List<Declaration> services,
        List<ReservationRequest> reservations,
        List<SettingChanges.Change> settings,
        boolean prune) {
    public Stack {
        services = List.copyOf(services);
        reservations = List.copyOf(reservations);
        settings = List.copyOf(settings);
    }

    /** Services alone. */
    public static Stack of(List<Declaration> services, Optional<String> name, boolean prune) {
        return new Stack(name, services, List.of(), List.of(), prune);
    }
}
