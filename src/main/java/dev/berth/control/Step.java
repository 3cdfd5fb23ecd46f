package dev.berth.control;

import dev.berth.model.Eviction;
import java.time.Duration;
import java.util.Optional;

/** What one step of an eviction came to. */
sealed interface Step {
    /** The next step can be taken at once, from this stored state. */
    record Go(Eviction eviction) implements Step {}

    /** The world must move first; look again after this long at the latest. */
    record Await(Duration most) implements Step {}

    /** Nothing is left to do here. */
    record Over(Optional<Eviction> eviction) implements Step {}
}
