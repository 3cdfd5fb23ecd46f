package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.berth.model.ConflictAction;
import dev.berth.model.PortKey;
import java.util.List;

/** The answer when a port is free, with what was done for it. */
@JsonPropertyOrder({"apiVersion", "kind", "port", "protocol", "free", "message", "actions"})
record FreedView(
        String apiVersion,
        String kind,
        int port,
        String protocol,
        boolean free,
        String message,
        List<ConflictView.ActionView> actions) {
    static Reply reply(PortKey port, String message, List<ConflictAction> actions) {
        FreedView view = new FreedView(
                Wire.API_VERSION,
                "FreedPort",
                port.port(),
                port.protocol().label(),
                true,
                message,
                actions.stream().map(ConflictView.ActionView::of).toList());
        return new Reply(
                view,
                () -> Character.toUpperCase(message.charAt(0)) + message.substring(1) + ".\n"
                        + (actions.isEmpty() ? "" : ConflictView.actions(actions)));
    }
}
