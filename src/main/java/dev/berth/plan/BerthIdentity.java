package dev.berth.plan;

import dev.berth.model.ProcessRef;
import dev.berth.model.User;
import java.util.List;

/** Who Berth itself is, so that it never judges or ends itself or what it runs under. */
public record BerthIdentity(ProcessRef self, User user, List<ProcessRef> ancestors) {
    public BerthIdentity {
        ancestors = List.copyOf(ancestors);
    }
}
