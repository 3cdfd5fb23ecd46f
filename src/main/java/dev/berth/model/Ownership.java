package dev.berth.model;

import java.util.List;

/** Who has a socket open. */
public sealed interface Ownership {
    /** Every process that was seen with the socket open; never empty. */
    record Held(List<ProcessRef> holders) implements Ownership {
        public Held {
            holders = List.copyOf(holders);
            if (holders.isEmpty()) {
                throw new IllegalArgumentException("a held socket has a holder; otherwise its ownership is unseen");
            }
        }
    }

    /**
     * Nobody could be named.
     *
     * @param reason for people: permission, another pid namespace, not looked yet
     * @param searching true while the search for the owner is still going on and the next look may tell
     */
    record Unseen(String reason, boolean searching) implements Ownership {}
}
