package dev.berth.host;

import dev.berth.model.ProcessRef;
import dev.berth.model.ProcessUsage;
import java.util.Collection;
import java.util.Map;

/** What processes use of the machine, from the system's own counters. Safe for use by many threads. */
public interface ProcessMeter {
    /**
     * Looks now, at these and no others. Costs a few microseconds per process on Linux.
     *
     * @return those that live; whoever has ended, or is a later process of the same pid, is left out
     * @throws ObservationException when nothing can be read for a reason that is no single process's
     */
    Map<ProcessRef, ProcessUsage> measure(Collection<ProcessRef> processes) throws ObservationException;
}
