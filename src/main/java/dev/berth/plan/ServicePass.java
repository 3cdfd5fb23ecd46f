package dev.berth.plan;

import dev.berth.model.Condition.Status;
import dev.berth.model.Conflict;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.model.ServiceState;
import dev.berth.plan.Action.Assignment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Judges a service that has no port, or should have none. One that has a port is judged by {@link SeatedPass}. */
final class ServicePass {
    /** An observer tells within a tick or two. */
    private static final Duration NEXT_LOOK = Duration.ofMillis(250);

    private static final Duration MEANWHILE = Duration.ofSeconds(1);

    private final Pass pass;
    private final Draft draft;
    private final Conditions conditions;
    private final Contests contests;
    private final Supervision supervision;
    private final SeatedPass seated;
    private final Handover handover;

    ServicePass(Pass pass, StrategyBook strategies) {
        this.pass = pass;
        this.draft = new Draft(pass.now);
        this.conditions = new Conditions(pass, draft);
        this.contests = new Contests(pass, strategies);
        this.supervision = new Supervision(pass, draft, conditions);
        this.handover = new Handover(pass, draft, conditions, supervision);
        this.seated = new SeatedPass(pass, draft, conditions, contests, supervision);
    }

    Plan plan() {
        judge();
        if (pass.spec.replicas() > 1 && Claims.isWanted(pass.service)) {
            draft.carry(new Siblings(pass.service, pass.situation.services(), pass.now).readiness(draft.plan()));
        }
        return draft.plan();
    }

    private void judge() {
        if (supervision.applies() && supervision.first()) {
            return;
        }
        Optional<PortKey> assigned = pass.service.assigned();
        if (!Claims.isWanted(pass.service)) {
            release(assigned);
            supervision.stopped();
            return;
        }
        if (assigned.isPresent()) {
            PortKey seat = assigned.orElseThrow();
            Optional<Service> sooner =
                    pass.claims.assigned(seat).filter(other -> ClaimIndex.BY_AGE.compare(other, pass.service) < 0);
            if (sooner.isEmpty()) {
                closeStray(Stream.concat(Stream.of(seat), pass.spec.preferred().stream()));
                seated.plan(seat);
                return;
            }
            draft.add(new Action.ReleasePort(
                    seat,
                    "port " + seat + " is assigned to " + sooner.orElseThrow().key()
                            + " too, which was declared before"));
        }
        closeStray(pass.spec.preferred().stream());
        unseated();
    }

    private void release(Optional<PortKey> assigned) {
        boolean deleted = pass.service.metadata().deletionTimestamp().isPresent();
        String why = deleted ? "the service is being deleted" : "the service is declared as not running";
        pass.situation.conflicts().stream()
                .filter(conflict -> conflict.state().isOpen())
                .forEach(conflict ->
                        draft.add(new Action.CloseConflict(conflict.port(), false, "no longer wanted: " + why)));
        pass.service
                .status()
                .process()
                .filter(process -> pass.spec.isObserved())
                .ifPresent(process -> draft.add(new Action.ForgetProcess(process, why)));
        assigned.ifPresent(port -> draft.add(new Action.ReleasePort(port, why)));
        conditions.notWanted(why);
    }

    /** Conflicts over ports that the service does not want any more. */
    private void closeStray(Stream<PortKey> wanted) {
        if (pass.situation.conflicts().isEmpty()) {
            return;
        }
        Set<PortKey> ports = wanted.collect(Collectors.toSet());
        for (Conflict conflict : pass.situation.conflicts()) {
            if (conflict.state().isOpen()
                    && !ports.contains(conflict.port())
                    && pass.openEviction(conflict.port()).isEmpty()) {
                draft.add(new Action.CloseConflict(
                        conflict.port(), false, "the service does not want port " + conflict.port() + " any more"));
            }
        }
    }

    private void unseated() {
        if (!pass.isCovered()) {
            String message = "whether its port is free is not known: the last look did not cover "
                    + pass.spec.protocol().label() + gaps();
            draft.add(new Action.Wait(message));
            draft.lookAgainWithin(MEANWHILE);
            conditions.unassigned(Status.UNKNOWN, "NotObserved", message, ServiceState.PENDING);
            return;
        }
        if (pass.spec.preferred().isEmpty()) {
            allocate();
            return;
        }
        PortKey port = pass.spec.preferred().orElseThrow();
        Standing standing = pass.judge.wanting(port);
        if (!(standing instanceof Standing.Own) && !(standing instanceof Standing.Unclear)) {
            seated.forgetHolder(port);
        }
        if (standing instanceof Standing.Free) {
            take(port);
        } else if (standing instanceof Standing.Own own) {
            adopt(port, own);
        } else if (standing instanceof Standing.Unclear unclear) {
            unclear(port, unclear);
        } else if (standing instanceof Standing.Leaving leaving) {
            handover.soon(port, leaving.why());
        } else {
            contest(port, standing);
        }
    }

    private String gaps() {
        List<String> gaps = pass.situation.host().completeness().gaps();
        return gaps.isEmpty() ? "" : " (" + String.join("; ", gaps) + ")";
    }

    private void take(PortKey port) {
        if (pass.openEviction(port).isPresent()) {
            handover.soon(port, "port " + port + " was just freed and is watched for whoever comes back");
            return;
        }
        seated.moveTo(port, Assignment.PREFERRED, seated.taken(port), Optional.empty());
    }

    private void adopt(PortKey port, Standing.Own own) {
        String why = own.process() + ", its own, held port " + port;
        if (!own.recorded()) {
            draft.add(new Action.AdoptProcess(port, own.process(), own.assumed(), why));
        }
        seated.moveTo(port, Assignment.ADOPTED, why, Optional.of(own));
    }

    private void unclear(PortKey port, Standing.Unclear unclear) {
        String message = "who holds port " + port + " is not known yet: " + unclear.reason();
        draft.add(new Action.Wait(message));
        draft.lookAgainWithin(NEXT_LOOK);
        conditions.unassigned(Status.UNKNOWN, PortJudge.SEARCHING, message, ServiceState.PENDING);
    }

    private void contest(PortKey port, Standing standing) {
        Contests.Result result = standing instanceof Standing.Taken taken
                ? contests.settle(port, taken, Optional.empty(), draft)
                : contests.settle(port, (Standing.Claimed) standing, Optional.empty(), draft);
        if (result instanceof Contests.Result.Moves moves) {
            seated.sitOn(moves.port(), moves.how(), moves.message(), Optional.empty());
        } else if (result instanceof Contests.Result.Adopts adopts) {
            Standing.Own own = new Standing.Own(adopts.process(), false, true, Optional.empty());
            seated.moveTo(port, Assignment.ADOPTED, adopts.message(), Optional.of(own));
        } else if (result instanceof Contests.Result.Pending pending) {
            conditions.unassigned(Status.FALSE, pending.reason(), pending.message(), ServiceState.PENDING);
            conditions.contested(pending.reason(), pending.message());
            if (pending.approval()) {
                conditions.awaitsApproval(pending.message());
            }
        } else if (result instanceof Contests.Result.Stuck stuck) {
            conditions.unassigned(Status.FALSE, "Blocked", stuck.message(), ServiceState.BLOCKED);
            conditions.contested("Blocked", stuck.message());
        }
    }

    private void allocate() {
        PortAllocator.Choice choice = pass.allocator().choose(port -> false);
        if (choice instanceof PortAllocator.Choice.Found found) {
            seated.moveTo(found.port(), found.how(), seated.chosen(found), Optional.empty());
            return;
        }
        String message = ((PortAllocator.Choice.UsedUp) choice).explanation();
        draft.add(new Action.Report(seated.anyWanted(), message));
        conditions.unassigned(Status.FALSE, "UsedUp", message, ServiceState.BLOCKED);
    }
}
