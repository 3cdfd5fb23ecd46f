package dev.berth.control;

import dev.berth.model.ServiceKey;
import dev.berth.plan.Action;
import java.util.List;
import java.util.Optional;

/**
 * What freeing a port would do: the steps (none when it is free), or the refusal.
 *
 * @param stopped services that would be declared as not running, all their replicas included
 */
public record FreePreview(List<ServiceKey> stopped, List<Action> actions, Optional<Freed.Refused> refused) {
    public FreePreview {
        stopped = List.copyOf(stopped);
        actions = List.copyOf(actions);
    }

    static FreePreview only(List<Action> actions) {
        return new FreePreview(List.of(), actions, Optional.empty());
    }
}
