package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.Caller;
import dev.berth.model.PortKey;
import dev.berth.model.Reservation;
import dev.berth.model.ReservationRequest;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keeps the reservations that a file asks for: makes those that are missing, and gives back what it no longer names. */
final class StackReservations {
    private final Registry registry;
    private final Reservations reservations;

    StackReservations(Registry registry, Reservations reservations) {
        this.registry = registry;
        this.reservations = reservations;
    }

    /**
     * What came of it.
     *
     * @param kept ports that the file's reservations have, those there already among them
     * @param refused why one of them can't be had; then none was made
     */
    record Outcome(
            List<Reservation> made, Set<PortKey> kept, List<String> warnings, Optional<Reserved.UsedUp> refused) {}

    /** Makes what is missing of the requests: all of it, or nothing. */
    Outcome make(List<ReservationRequest> requests, Optional<String> stack, Caller caller, boolean dryRun)
            throws StoreException, StaleVersionException, ObservationException {
        if (!dryRun) {
            // A file whose second one can't be had must not make the first and give it back with every try.
            Outcome tried = make(requests, stack, caller, true);
            if (tried.refused().isPresent()) {
                return tried;
            }
        }
        Set<PortKey> kept = new LinkedHashSet<>();
        List<Reservation> made = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        boolean complete = false;
        try {
            for (ReservationRequest request : requests) {
                int missing = request.count() - found(request, caller, kept);
                if (missing <= 0) {
                    continue;
                }
                Reserved reserved = reservations.reserve(request.of(missing), stack, caller, dryRun);
                if (reserved instanceof Reserved.Made done) {
                    made.addAll(done.reservations());
                    done.reservations().forEach(each -> kept.add(each.port()));
                    warnings.addAll(done.warnings());
                } else if (reserved instanceof Reserved.UsedUp usedUp) {
                    return new Outcome(List.of(), Set.of(), List.of(), Optional.of(usedUp));
                }
            }
            complete = true;
            return new Outcome(List.copyOf(made), kept, List.copyOf(warnings), Optional.empty());
        } finally {
            if (!complete && !dryRun) {
                release(made, caller);
            }
        }
    }

    /** Notes those of the holder that are there already and answer the request; how many they are. */
    private int found(ReservationRequest request, Caller caller, Set<PortKey> kept) {
        int found = 0;
        for (Reservation each : registry.reservations()) {
            boolean answers = each.holder().equals(request.holder())
                    && each.isOf(caller.user())
                    // One that ends with a process is not what a file means by a lasting one.
                    && (each.process().isEmpty() || request.pid().isPresent())
                    && each.port().protocol() == request.protocol()
                    && (request.port().isEmpty()
                            || request.port().getAsInt() == each.port().port())
                    && request.range()
                            .filter(range -> !range.contains(each.port().port()))
                            .isEmpty();
            if (answers && found < request.count() && kept.add(each.port())) {
                found++;
            }
        }
        return found;
    }

    /** Those of the stack that the file does not name any longer. */
    List<Reservation> abandoned(Stack stack, Set<PortKey> kept, Caller caller) {
        return stack.prune()
                ? registry.reservations().stream()
                        .filter(each -> each.stack().isPresent() && each.stack().equals(stack.name()))
                        .filter(each -> !kept.contains(each.port()))
                        .filter(each -> each.owner().uid() == caller.user().uid())
                        .toList()
                : List.of();
    }

    void release(List<Reservation> those, Caller caller) throws StoreException, StaleVersionException {
        for (Reservation each : those) {
            reservations.release(each.port(), caller, false);
        }
    }
}
