package dev.berth.control;

import dev.berth.model.ServiceKey;
import java.util.List;

/** The last few lines that a service wrote, for telling why it ended. Safe for use by many threads. */
public interface LastLines {
    /** It is about to be started: what is in its log so far is an earlier run's. */
    void begin(ServiceKey service);

    /** Those of its present run as far as that is known, the newest last; empty when there are none or they can't be read. */
    List<String> of(ServiceKey service);
}
