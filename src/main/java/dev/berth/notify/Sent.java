package dev.berth.notify;

import java.time.Duration;
import java.util.Optional;

/** What became of one attempt. */
sealed interface Sent {
    /** The receiver has it. */
    record Delivered(int status) implements Sent {}

    /** It would be the same another time. */
    record Refused(String why) implements Sent {}

    /** It may be otherwise later. @param after what the receiver asked for */
    record Failed(String why, Optional<Duration> after) implements Sent {}

    default String words() {
        if (this instanceof Delivered delivered) {
            return "delivered (" + delivered.status() + ")";
        }
        return this instanceof Refused refused ? "refused: " + refused.why() : "failed: " + ((Failed) this).why();
    }
}
