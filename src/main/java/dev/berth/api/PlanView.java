package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.berth.control.FreePreview;
import dev.berth.control.Planned;
import dev.berth.model.Conflict;
import dev.berth.model.Fault;
import dev.berth.model.Launch;
import dev.berth.model.PortKey;
import dev.berth.model.ServiceKey;
import dev.berth.model.Stop;
import dev.berth.plan.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What would be done, each step with its reason; the answer to every dry run. */
@JsonPropertyOrder({"apiVersion", "kind", "actions", "warnings"})
record PlanView(
        String apiVersion,
        String kind,
        List<Step> actions,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> warnings) {
    /**
     * @param target what is acted on, such as {@code Service default/backend} or {@code Port 8000}
     * @param detail what exactly, such as {@code 8000 → 8001}
     */
    record Step(String action, String target, String reason, String detail) {}

    static Reply reply(List<Step> steps, List<Fault> warnings) {
        List<String> words = warnings.stream().map(Warnings::words).toList();
        PlanView view = new PlanView(Wire.API_VERSION, "Plan", List.copyOf(steps), words);
        return new Reply(view, () -> text(view));
    }

    /** The declarations themselves, and what would then be done about each. */
    static List<Step> steps(List<Planned> planned) {
        List<Step> steps = new ArrayList<>();
        for (Planned each : planned) {
            declared(each, steps);
            each.plan().actions().forEach(action -> steps.add(step(each.service(), action)));
            steps.addAll(steps(each.replicas()));
        }
        return steps;
    }

    static List<Step> steps(FreePreview preview) {
        List<Step> steps = new ArrayList<>();
        preview.stopped()
                .forEach(service -> steps.add(new Step(
                        "ChangeService",
                        service(service),
                        "the port is to stay free: nothing starts it there again",
                        "running true → false")));
        preview.actions().forEach(action -> steps.add(step(action)));
        return steps;
    }

    static Step decided(Conflict conflict, String reason) {
        return new Step(
                Wire.camel(conflict.decision()),
                "Port " + conflict.port(),
                reason,
                "conflict " + conflict.id() + " of " + conflict.service() + ": "
                        + conflict.holder().description());
    }

    private static void declared(Planned planned, List<Step> steps) {
        String target = service(planned.service());
        switch (planned.kind()) {
            case CREATE -> steps.add(new Step("CreateService", target, "it is not declared yet", "declared"));
            case CHANGE -> steps.add(new Step("ChangeService", target, "its declaration differs", "declared anew"));
            case DELETE ->
                steps.add(new Step("DeleteService", target, "it is no longer declared", "its history stays"));
            case UNCHANGED -> {
                // Nothing is done, and nothing is said.
            }
        }
    }

    private static Step step(ServiceKey service, Action action) {
        if (action instanceof Action.AssignPort
                || action instanceof Action.Wait
                || action instanceof Action.StartProcess
                || action instanceof Action.StopProcess
                || action instanceof Action.CountFailure
                || action instanceof Action.ForgetFailures) {
            Step step = step(action);
            return new Step(step.action(), service(service), step.reason(), step.detail());
        }
        return step(action);
    }

    private static Step step(Action action) {
        String name = action.getClass().getSimpleName();
        if (action instanceof Action.AssignPort assign) {
            return new Step(
                    name, port(assign.port()), assign.reason(), assign.port() + ", " + Wire.camel(assign.how()));
        } else if (action instanceof Action.ReleasePort release) {
            return new Step(name, port(release.port()), release.reason(), "given back");
        } else if (action instanceof Action.AdoptProcess adopt) {
            return new Step(name, adopt.process().toString(), adopt.reason(), "on port " + adopt.port());
        } else if (action instanceof Action.ForgetProcess forget) {
            return new Step(name, forget.process().toString(), forget.reason(), "it has gone");
        } else if (action instanceof Action.OpenConflict open) {
            return new Step(
                    name,
                    port(open.port()),
                    open.reason(),
                    Wire.camel(open.decision()) + (open.needsApproval() ? ", after approval" : "") + "; "
                            + Wire.lower(open.severity()) + " (" + open.severityReason() + "); held by "
                            + open.holder().description());
        } else if (action instanceof Action.RedecideConflict redecide) {
            return new Step(
                    name,
                    "Conflict " + redecide.conflict(),
                    redecide.reason(),
                    Wire.camel(redecide.decision()) + (redecide.needsApproval() ? ", after approval" : ""));
        } else if (action instanceof Action.CloseConflict close) {
            return new Step(
                    name, port(close.port()), close.reason(), close.succeeded() ? "settled" : "no longer pursued");
        } else if (action instanceof Action.EvictHolders evict) {
            return new Step(name, port(evict.port()), evict.reason(), "end " + processes(evict.holders()));
        } else if (action instanceof Action.StopOwner stop) {
            return new Step(
                    name,
                    port(stop.port()),
                    stop.reason(),
                    "stop " + stop.origin().unit().or(stop.origin()::container).orElse("what owns the holder"));
        } else if (action instanceof Action.RestartService restart) {
            return new Step(name, port(restart.port()), restart.reason(), "end " + processes(restart.stale()));
        } else if (action instanceof Action.StartProcess start) {
            return new Step(
                    name,
                    port(start.port()),
                    start.reason(),
                    start.step() == Launch.Step.INSTALL ? "run its install command" : "run its command");
        } else if (action instanceof Action.StopProcess stop) {
            return new Step(
                    name,
                    "",
                    stop.reason(),
                    (stop.force() ? "SIGKILL" : "the stop signal, and SIGKILL after the grace period,")
                            + " to everything that it started"
                            + (stop.then() == Stop.Then.START ? "; then it is started again" : ""));
        } else if (action instanceof Action.RecordExit exit) {
            return new Step(
                    name,
                    exit.process().toString(),
                    exit.reason(),
                    exit.after().gaveUp().orElse("noted"));
        } else if (action instanceof Action.CountFailure count) {
            return new Step(name, "", count.reason(), "it counts towards maxRestarts");
        } else if (action instanceof Action.ForgetFailures forget) {
            return new Step(name, "", forget.reason(), "its restarts are counted anew");
        } else if (action instanceof Action.Report report) {
            return new Step(name, port(report.port()), report.reason(), "nothing is done");
        }
        return new Step(name, "", action.reason(), "nothing is done yet");
    }

    private static String processes(List<?> processes) {
        return processes.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String port(PortKey port) {
        return "Port " + port;
    }

    private static String service(ServiceKey key) {
        return "Service " + key;
    }

    private static String text(PlanView plan) {
        StringBuilder text = new StringBuilder();
        if (plan.actions().isEmpty()) {
            text.append("Nothing would be done: everything is as wanted.\n");
        } else {
            TextTable table = TextTable.of("ACTION", "TARGET", "DETAIL", "REASON");
            plan.actions().forEach(step -> table.row(step.action(), step.target(), step.detail(), step.reason()));
            text.append(table).append("Dry run: nothing was done.\n");
        }
        plan.warnings()
                .forEach(warning -> text.append("warning: ").append(warning).append('\n'));
        return text.toString();
    }
}
