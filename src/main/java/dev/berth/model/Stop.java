package dev.berth.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The ending of a service's own processes: of the whole tree that its launch became. Stored before the first signal, closed
 * when nothing of the tree is left.
 *
 * @param then what follows
 * @param force no gentle signal first
 * @param deadline when the present phase ends
 * @param told processes that got the phase's signal
 * @param act the audit act whose outcome is not stored yet
 */
public record Stop(
        String reason,
        Then then,
        boolean force,
        Phase phase,
        Instant startedAt,
        Instant deadline,
        List<ProcessRef> told,
        Optional<String> act) {
    /** What follows when nothing of the tree is left. */
    public enum Then {
        START,
        STAY,
        /** Its first process had ended by itself and left others: that is accounted for as any end that nobody asked for. */
        ACCOUNT
    }

    /** Where it stands. */
    public enum Phase {
        /** The stop signal is intended or sent; the grace period runs. */
        TERMINATING,
        /** SIGKILL is intended or sent. */
        KILLING
    }

    public Stop {
        told = List.copyOf(told);
    }
}
