package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.store.StaleVersionException;
import java.time.Duration;

/** Told of each pass when it has ended, on the worker's thread. Returns at once and throws nothing. */
public interface PassListener {
    void passed(WorkKey key, Outcome outcome, Duration took);

    /** How a pass ended; any but the first is tried again. */
    enum Outcome {
        SUCCEEDED,
        /** The store could not be used. */
        STORE,
        /** Somebody else changed the same, again and again. */
        STALE,
        /** The machine could not be looked at. */
        OBSERVATION,
        /** What it did is not seen to have happened yet. */
        UNSETTLED,
        /** A fault of Berth. */
        DEFECT;

        static Outcome of(Exception why) {
            if (why instanceof StaleVersionException) {
                return STALE;
            }
            return why instanceof ObservationException ? OBSERVATION : UNSETTLED;
        }
    }
}
