package dev.berth.notify;

import dev.berth.model.Condition;
import dev.berth.model.Conflict;
import dev.berth.model.Service;
import dev.berth.model.ServiceState;
import dev.berth.model.Severity;
import dev.berth.store.Store;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What of the journal is worth telling, and in which words. */
final class Notices {
    private Notices() {}

    /** What the row tells somebody who knows what the memory holds; the memory takes part in it. */
    static Optional<Notice> of(Store.JournalRow row, Memory memory, Damping damping) {
        if (row.snapshot() instanceof Conflict conflict && row.change() != Store.Change.DELETED) {
            return conflict(conflict, row.at()).filter(notice -> !memory.wasTold(notice.id()));
        }
        return row.snapshot() instanceof Service service ? service(service, row, memory, damping) : Optional.empty();
    }

    private static Optional<Notice> conflict(Conflict conflict, Instant at) {
        String contest = conflict.service() + " and port " + conflict.port();
        return Optional.of(
                switch (conflict.state()) {
                    // One that is decided at once is never seen as only detected.
                    case DETECTED, RESOLVING ->
                        notice(
                                conflict,
                                "ConflictDetected",
                                at,
                                "conflict over port " + conflict.port() + ": " + conflict.service() + " wants it");
                    case AWAITING_APPROVAL ->
                        notice(conflict, "ApprovalWanted", at, "a conflict waits for approval: " + contest);
                    case RESOLVED -> notice(conflict, "ConflictResolved", at, "a conflict is settled: " + contest);
                    case FAILED ->
                        notice(conflict, "ConflictFailed", at, "a conflict could not be settled: " + contest);
                    case DISMISSED -> notice(conflict, "ConflictDismissed", at, "a conflict was dismissed: " + contest);
                });
    }

    private static Notice notice(Conflict conflict, String type, Instant at, String title) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("conflict", conflict.id());
        facts.put("service", conflict.service().toString());
        facts.put("port", Integer.toString(conflict.port().port()));
        facts.put("protocol", conflict.port().protocol().label());
        facts.put("decision", lower(conflict.decision()));
        facts.put("strategy", conflict.strategy());
        return new Notice(
                "conflict/" + conflict.id() + "/" + type,
                type,
                conflict.severity(),
                at,
                title,
                // Without the holder's command line: it may hold what is nobody's business elsewhere.
                lower(conflict.decision()) + " by the strategy " + conflict.strategy() + "; "
                        + conflict.severityReason(),
                facts);
    }

    private static Optional<Notice> service(Service service, Store.JournalRow row, Memory memory, Damping damping) {
        String uid = service.metadata().uid();
        ServiceState state = service.status().state();
        boolean gone = row.change() == Store.Change.DELETED
                || service.metadata().deletionTimestamp().isPresent()
                || state == ServiceState.STOPPED;
        if (gone) {
            memory.isUp(uid);
            return memory.flaps().gone(uid, row.at());
        }
        if (isDown(state)) {
            if (!memory.isNews(uid, lower(state))) {
                return Optional.empty();
            }
            memory.goesDown(uid, lower(state));
            Notice down = notice(service, "ServiceDown", row, service.key() + " is " + lower(state));
            return memory.flaps().judge(uid, down, true, damping);
        }
        if (state == ServiceState.RUNNING && memory.isDown(uid)) {
            memory.isUp(uid);
            Notice up = notice(service, "ServiceRecovered", row, service.key() + " runs again");
            return memory.flaps().judge(uid, up, false, damping);
        }
        return Optional.empty();
    }

    private static boolean isDown(ServiceState state) {
        return state == ServiceState.FAILED || state == ServiceState.BLOCKED || state == ServiceState.DEGRADED;
    }

    private static Notice notice(Service service, String type, Store.JournalRow row, String title) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("service", service.key().toString());
        facts.put("state", lower(service.status().state()));
        facts.put("critical", Boolean.toString(service.spec().critical()));
        service.assigned().ifPresent(port -> facts.put("port", Integer.toString(port.port())));
        return new Notice(
                "service/" + service.metadata().uid() + "/" + type + "/" + row.seq(),
                type,
                service.spec().critical() ? Severity.CRITICAL : Severity.HIGH,
                row.at(),
                title,
                service.status()
                        .condition(Condition.READY)
                        .map(Condition::message)
                        .orElse(title),
                facts);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
