package dev.berth.host;

import dev.berth.model.ProcessRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Every process of the machine, with what tells to which launch it belongs. Safe for use by many threads. */
public interface ProcessTable extends AutoCloseable {
    /**
     * Looks now. Costs a few microseconds per process.
     *
     * @throws ObservationException when the table can't be read; never an empty list instead
     */
    List<Entry> read() throws ObservationException;

    /**
     * As {@link #read()}, or what was seen by a look that began less than so long ago.
     *
     * @throws ObservationException as {@link #read()}
     */
    default List<Entry> read(Duration maxAge) throws ObservationException {
        return read();
    }

    /**
     * Looks now, for less: does a process of the launch live? One that ended during the look may count still.
     *
     * @param launch the value of {@code BERTH_LAUNCH}
     * @throws ObservationException when that can't be told; never false instead
     */
    default boolean isAnyOf(String launch) throws ObservationException {
        Optional<String> wanted = Optional.of(launch);
        return read().stream().anyMatch(entry -> entry.launch().equals(wanted));
    }

    /** Gives back what is kept from look to look. */
    @Override
    default void close() {}

    /**
     * One process; zombies are left out.
     *
     * @param parent its pid
     * @param group its leader's pid; 0, which no process has, where the system does not tell
     * @param session as {@code group}
     * @param launch the value of {@code BERTH_LAUNCH}, when its environment could be read and has one; what a program
     *     writes over its environment (a long title) is lost
     */
    record Entry(ProcessRef ref, long parent, long group, long session, Optional<String> launch) {}
}
