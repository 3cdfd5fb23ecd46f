package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.model.Conflict;
import dev.berth.model.ConflictAction;
import java.util.List;
import java.util.Optional;

/** A conflict as it is sent. */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record ConflictView(
        String id,
        String service,
        int port,
        String protocol,
        String severity,
        String severityReason,
        String state,
        HolderView holder,
        String strategy,
        String decision,
        String reason,
        List<ActionView> actions,
        String detectedAt,
        Optional<String> resolvedAt,
        String resourceVersion) {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record ActionView(String action, String detail, String at, String outcome, Optional<String> took) {
        static ActionView of(ConflictAction action) {
            return new ActionView(
                    action.action(),
                    action.detail(),
                    Wire.time(action.at()),
                    Wire.camel(action.outcome()),
                    action.took().map(Wire::duration));
        }
    }

    static ConflictView of(Conflict conflict) {
        return new ConflictView(
                conflict.id(),
                conflict.service().toString(),
                conflict.port().port(),
                conflict.port().protocol().label(),
                Wire.lower(conflict.severity()),
                conflict.severityReason(),
                Wire.camel(conflict.state()),
                HolderView.of(conflict.holder()),
                conflict.strategy(),
                Wire.camel(conflict.decision()),
                conflict.reason(),
                conflict.actions().stream().map(ActionView::of).toList(),
                Wire.time(conflict.detectedAt()),
                conflict.resolvedAt().map(Wire::time),
                Long.toString(conflict.resourceVersion()));
    }

    static Reply reply(Conflict conflict) {
        return new Reply(of(conflict), () -> text(conflict));
    }

    static String table(List<Conflict> conflicts) {
        if (conflicts.isEmpty()) {
            return "No conflicts.\n";
        }
        TextTable table = TextTable.of("DETECTED", "SERVICE", "PORT", "SEVERITY", "STATE", "DECISION", "ID", "HOLDER");
        conflicts.forEach(each -> table.row(
                Wire.time(each.detectedAt()),
                each.service(),
                each.port(),
                Wire.lower(each.severity()),
                Wire.camel(each.state()),
                Wire.camel(each.decision()),
                each.id(),
                each.holder().description()));
        return table.toString();
    }

    private static String text(Conflict conflict) {
        TextTable head = TextTable.plain()
                .row("conflict", conflict.id())
                .row("service", conflict.service())
                .row("port", conflict.port())
                .row("holder", conflict.holder().description())
                .row("severity", Wire.lower(conflict.severity()) + ": " + conflict.severityReason())
                .row("strategy", conflict.strategy())
                .row("decision", Wire.camel(conflict.decision()) + ": " + conflict.reason())
                .row("state", Wire.camel(conflict.state()))
                .row("detected", Wire.time(conflict.detectedAt()))
                .row("resolved", conflict.resolvedAt().map(Wire::time).orElse("not yet"));
        return conflict.actions().isEmpty() ? head.toString() : head + "\n" + actions(conflict.actions());
    }

    static String actions(List<ConflictAction> actions) {
        TextTable table = TextTable.of("AT", "ACTION", "OUTCOME", "TOOK", "DETAIL");
        actions.forEach(each -> table.row(
                Wire.time(each.at()),
                each.action(),
                Wire.camel(each.outcome()),
                each.took().map(Wire::duration).orElse("-"),
                each.detail()));
        return table.toString();
    }
}
