package dev.berth.host.linux;

import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import java.util.Optional;

/** Reads processes by pid. Safe for use by many threads; nothing is cached, every call reads now. */
public interface ProcessReader {
    /**
     * Everything that can be read of the process that has this pid now, ancestors and origin included.
     *
     * @return empty when there is none, or a zombie only
     */
    Optional<ProcessFacts> read(long pid);

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
     * A process as its {@code stat} shows it. Another program (exec) shows by its name, unless it is called the same.
     *
     * @param parent its pid
     */
    record Glance(ProcessRef ref, String comm, long parent, long processGroup, long session) {}
}
