package dev.berth.control;

import dev.berth.model.Fault;
import dev.berth.model.Reservation;

/** What came of a wish about a reservation that exists. */
public sealed interface LeaseAnswer {
    /** @param reservation as it is now; when it was released, as it was last */
    record Done(Reservation reservation) implements LeaseAnswer {}

    record NotFound() implements LeaseAnswer {}

    /** It is another user's. */
    record Forbidden(String reason) implements LeaseAnswer {}

    /** Not as things stand. */
    record Conflicting(String reason) implements LeaseAnswer {}

    /** What was asked can't be. */
    record Invalid(Fault fault) implements LeaseAnswer {}
}
