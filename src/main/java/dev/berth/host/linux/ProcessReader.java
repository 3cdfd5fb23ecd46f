package dev.berth.host.linux;

import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import java.util.Optional;

/**
 * Reads processes by pid. Safe for use by many threads; every call reads now, save what is above Berth itself, which may be a
 * second old.
 */
public interface ProcessReader {
    /**
     * Everything that can be read of the process that has this pid now, ancestors and origin included.
     *
     * @return empty when there is none, or a zombie only
     */
    Optional<ProcessFacts> read(long pid);

    /**
     * A reader for one look at several processes: it reads each process above them once. For one thread, and not to be kept.
     */
    default ProcessReader forOneLook() {
        return this;
    }

    /**
     * The identity of the process that has this pid now; one small read.
     *
     * @return empty when there is none
     */
    Optional<ProcessRef> identify(long pid);

    /**
     * What of a process tells that it is another program or another's child by now; one small read.
     *
     * @return empty when there is none
     */
    Optional<Glance> glance(long pid);

    /**
     * A process as its {@code stat} shows it.
     *
     * @param parent its pid
     * @param stackStart another one means another program (exec), called the same or not; 0 where this user may not know
     */
    record Glance(ProcessRef ref, String comm, long parent, long processGroup, long session, long stackStart) {}
}
