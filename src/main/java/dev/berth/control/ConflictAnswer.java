package dev.berth.control;

import dev.berth.model.Conflict;

/** What became of a person's decision about a conflict. */
public sealed interface ConflictAnswer {
    /** Taken; {@code conflict} is as stored. */
    record Taken(Conflict conflict) implements ConflictAnswer {}

    record NotFound(String id) implements ConflictAnswer {}

    /** The conflict is not in a state in which this can be decided; {@code reason} says so in words. */
    record NotPossible(Conflict conflict, String reason) implements ConflictAnswer {}
}
