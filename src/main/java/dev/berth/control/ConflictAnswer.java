package dev.berth.control;

import dev.berth.model.Conflict;

/** What became of a person's decision about a conflict. */
public sealed interface ConflictAnswer {
    /** Taken; {@code conflict} is as stored. */
    record Taken(Conflict conflict) implements ConflictAnswer {}

    record NotFound(String id) implements ConflictAnswer {}

    /** It is not any more what the caller was shown; {@code conflict} is as it is now. */
    record Changed(Conflict conflict) implements ConflictAnswer {}

    /** The conflict is not in a state in which this can be decided; {@code reason} says so in words. */
    record NotPossible(Conflict conflict, String reason) implements ConflictAnswer {}
}
