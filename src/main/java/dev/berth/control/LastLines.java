package dev.berth.control;

import dev.berth.model.ServiceKey;
import java.util.List;

/** The last few lines that a service wrote, for telling why it ended. Safe for use by many threads. */
public interface LastLines {
    /** The newest last; empty when there are none or they can't be read. */
    List<String> of(ServiceKey service);
}
