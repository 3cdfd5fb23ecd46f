package dev.berth.control;

import dev.berth.plan.Action;
import java.util.List;
import java.util.Optional;

/** What freeing a port would do: the steps (none when it is free), or the refusal. */
public record FreePreview(List<Action> actions, Optional<Freed.Refused> refused) {
    public FreePreview {
        actions = List.copyOf(actions);
    }
}
