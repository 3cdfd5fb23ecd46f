package dev.berth.control;

import dev.berth.model.ServiceKey;
import java.util.List;

/** What an apply did: each declaration in the order given, and what was removed because the stack no longer names it. */
public record Applied(List<Declared> services, List<ServiceKey> pruned) {
    public Applied {
        services = List.copyOf(services);
        pruned = List.copyOf(pruned);
    }
}
