package dev.berth.api;

import dev.berth.config.Documents;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that the bodies of all requests may take together, from their first byte until their requests are answered. A
 * client may send all of a body but its last byte, on as many connections as it is given. For any thread.
 */
final class BodyRoom {
    /** A quarter of the largest heap, and 32 bodies of the largest size: most have some hundred bytes. */
    static final long BYTES = 32L * Documents.MAX_BYTES;

    private final AtomicLong taken = new AtomicLong();

    /** @param bytes what was taken */
    record Place(BodyRoom room, long bytes) {
        /** To be called once. */
        void giveBack() {
            room.taken.addAndGet(-bytes);
        }
    }

    /**
     * @param bytes of the body; empty for one that doesn't say, which counts as the largest
     * @return empty when there is no room for it now
     */
    Optional<Place> take(OptionalLong bytes) {
        long wanted = bytes.orElse(Documents.MAX_BYTES);
        if (taken.addAndGet(wanted) > BYTES) {
            taken.addAndGet(-wanted);
            return Optional.empty();
        }
        return Optional.of(new Place(this, wanted));
    }
}
