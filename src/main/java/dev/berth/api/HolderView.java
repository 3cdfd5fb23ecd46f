package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.model.ConflictHolder;
import dev.berth.model.ProcessRef;
import dev.berth.model.ServiceKey;
import dev.berth.model.User;
import java.util.Optional;

/** Who holds a contested port, as it was when judged. What is not known is null. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record HolderView(
        Optional<Long> pid,
        Optional<String> startTime,
        Optional<String> user,
        Optional<String> command,
        String kind,
        Optional<Long> uid,
        Optional<String> unit,
        Optional<String> container,
        Optional<String> respawner,
        Optional<String> service,
        String description) {
    static HolderView of(ConflictHolder holder) {
        return new HolderView(
                holder.process().map(ProcessRef::pid),
                holder.startedAt().map(Wire::time),
                holder.user().map(User::display),
                holder.command(),
                Wire.lower(holder.kind()),
                holder.user().map(User::uid),
                holder.unit(),
                holder.container(),
                holder.respawner(),
                holder.service().map(ServiceKey::toString),
                holder.description());
    }
}
