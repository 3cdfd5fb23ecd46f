package dev.berth.plan;

import dev.berth.model.Actor;
import dev.berth.model.Condition;
import dev.berth.model.Conflict;
import dev.berth.model.ConflictAction;
import dev.berth.model.ConflictHolder;
import dev.berth.model.DecisionKind;
import dev.berth.model.Eviction;
import dev.berth.model.Exit;
import dev.berth.model.HolderKind;
import dev.berth.model.Launch;
import dev.berth.model.Outcome;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceStatus;
import dev.berth.model.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Carries plans out on a {@link World}, as the handlers do when everything goes well. */
final class Carried {
    /** The pid of whatever Berth starts. */
    private static final long STARTED = 5000;

    private Carried() {}

    /** Everything but the ending of processes, which takes its time. */
    static void out(World world, Plan plan) {
        OptionalInt port = world.service.status().port();
        Optional<ProcessRef> process = world.service.status().process();
        Run run = world.service.status().runOrNone();
        long generation = world.service.metadata().generation();
        for (Action action : plan.actions()) {
            if (action instanceof Action.AssignPort assign) {
                port = OptionalInt.of(assign.port().port());
            } else if (action instanceof Action.ReleasePort) {
                port = OptionalInt.empty();
            } else if (action instanceof Action.AdoptProcess adopt) {
                process = Optional.of(adopt.process());
            } else if (action instanceof Action.ForgetProcess) {
                process = Optional.empty();
            } else if (action instanceof Action.StartProcess start) {
                process = Optional.of(new ProcessRef(STARTED, world.now.getEpochSecond(), World.BOOT));
                run = run.failed(run.failures(), Optional.empty(), Optional.empty(), generation)
                        .launching(new Launch(
                                "launch",
                                start.step(),
                                OptionalInt.of(start.port().port()),
                                start.fingerprint(),
                                Optional.empty(),
                                world.now));
            } else if (action instanceof Action.StopProcess) {
                process = Optional.empty();
                run = run.ended(Exit.unknown(world.now)).begun();
            } else if (action instanceof Action.CountFailure count) {
                run = count.after();
            } else if (action instanceof Action.RecordExit exit) {
                process = Optional.empty();
                run = exit.after();
            } else if (action instanceof Action.OpenConflict open) {
                world.conflicts.add(conflict(
                        world.service.key(), open.port(), open.holder(), open.decision(), open.needsApproval()));
            } else if (action instanceof Action.RedecideConflict again) {
                world.conflicts.replaceAll(
                        conflict -> conflict.id().equals(again.conflict()) ? decided(conflict, again) : conflict);
            } else if (action instanceof Action.CloseConflict close) {
                world.conflicts.removeIf(conflict ->
                        conflict.port().equals(close.port()) && conflict.state().isOpen());
                Eviction eviction = world.evictions.get(close.port());
                if (eviction != null && !eviction.phase().isOpen()) {
                    world.evictions.remove(close.port());
                }
            }
        }
        Service service = world.service;
        world.service = service.withStatus(new ServiceStatus(
                plan.state(),
                port,
                process,
                run.failures(),
                generation,
                Condition.merge(service.status().conditions(), plan.conditions()),
                Optional.of(run).filter(each -> !each.equals(Run.NONE))));
    }

    static void open(World world, PortKey port, DecisionKind decision, boolean asks, ProcessFacts holder) {
        ConflictHolder seen = new ConflictHolder(
                HolderKind.FOREIGN,
                Optional.of(holder.ref()),
                Optional.of(holder.user()),
                Optional.of(holder.command()),
                Optional.of(holder.startedAt()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                holder.command());
        world.conflicts.removeIf(conflict -> conflict.port().equals(port));
        world.conflicts.add(conflict(world.service.key(), port, seen, decision, asks));
    }

    static Conflict conflict(
            ServiceKey service, PortKey port, ConflictHolder holder, DecisionKind decision, boolean asks) {
        Conflict opened = new Conflict(
                "conflict-" + port,
                service,
                port,
                Severity.MEDIUM,
                "",
                state(decision, asks),
                holder,
                "intelligent",
                decision,
                "",
                List.of(),
                World.NOW,
                Optional.empty(),
                1);
        return asks ? noted(opened, Approval.ASKED) : opened;
    }

    private static Conflict decided(Conflict conflict, Action.RedecideConflict again) {
        Conflict decided =
                conflict.decided(again.decision(), again.reason(), state(again.decision(), again.needsApproval()));
        return again.needsApproval() ? noted(decided.with(again.holder()), Approval.ASKED) : decided;
    }

    /** What was asked of people, or answered by them. */
    static Conflict noted(Conflict conflict, String word) {
        return conflict.withAction(new ConflictAction(word, "", World.NOW, Outcome.SUCCEEDED, Optional.empty()));
    }

    private static Conflict.State state(DecisionKind decision, boolean asks) {
        return asks
                ? Conflict.State.AWAITING_APPROVAL
                : decision == DecisionKind.REPORT ? Conflict.State.DETECTED : Conflict.State.RESOLVING;
    }

    static Eviction eviction(PortKey port, Eviction.Phase phase, List<ProcessFacts> holders) {
        return new Eviction(
                port,
                "eviction-" + port,
                Actor.CONTROLLER,
                Optional.empty(),
                Optional.empty(),
                false,
                Duration.ofSeconds(10),
                phase,
                holders.stream()
                        .map(holder -> new Eviction.Target(
                                holder.ref(),
                                holder.command(),
                                Optional.empty(),
                                Optional.empty(),
                                Set.of(),
                                List.of("SIGTERM"),
                                Optional.empty(),
                                !phase.isOpen(),
                                OptionalLong.of(holder.user().uid())))
                        .toList(),
                World.NOW,
                World.NOW.plusSeconds(10),
                phase.isOpen() ? Optional.empty() : Optional.of("as it ended: " + phase),
                1);
    }
}
