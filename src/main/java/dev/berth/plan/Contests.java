package dev.berth.plan;

import dev.berth.model.Blockage;
import dev.berth.model.Conflict;
import dev.berth.model.ConflictHolder;
import dev.berth.model.DecisionKind;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.plan.Action.Assignment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settles who gets a contested port: asks the strategy, lets the guard rule, and writes down the actions. */
final class Contests {
    /** A freed port is noticed by its socket; this is for when that notice is missed. */
    private static final Duration MEANWHILE = Duration.ofSeconds(1);

    private final Pass pass;
    private final StrategyBook strategies;
    private final Guard guard;

    Contests(Pass pass, StrategyBook strategies) {
        this.pass = pass;
        this.strategies = strategies;
        this.guard = new Guard(pass.policy, pass.situation.berth());
    }

    /** How a contest stands once the actions are carried out. */
    sealed interface Result {
        /** The service goes to another port. */
        record Moves(PortKey port, Assignment how, String message) implements Result {}

        /** It has a port that suits it and keeps that one. */
        record Keeps() implements Result {}

        /** The holder is taken for the service's own. */
        record Adopts(ProcessRef process, String message) implements Result {}

        /** Something is under way. {@code approval}: a person must decide first. */
        record Pending(String reason, String message, boolean approval) implements Result {}

        /** Nothing can or may be done. */
        record Stuck(String message) implements Result {}
    }

    /** @param seat the port that the service has meanwhile and could keep; never the contested one */
    Result settle(PortKey port, Standing.Taken taken, Optional<PortKey> seat, Draft draft) {
        return settle(port, taken.holder(), taken.sighting().holders(), Optional.of(taken), "", seat, draft);
    }

    Result settle(PortKey port, Standing.Claimed claimed, Optional<PortKey> seat, Draft draft) {
        return settle(port, claimed.holder(), List.of(), Optional.empty(), claimed.why(), seat, draft);
    }

    private Result settle(
            PortKey port,
            ConflictHolder holder,
            List<ProcessRef> holders,
            Optional<Standing.Taken> taken,
            String why,
            Optional<PortKey> seat,
            Draft draft) {
        if (pass.openEviction(port).isPresent()) {
            return freeing(port, holder, draft);
        }
        Optional<Conflict> conflict = pass.openConflict(port);
        if (conflict.isPresent() && !ContestPast.isSameContest(conflict.orElseThrow(), holder, holders)) {
            String over = conflict.orElseThrow().holder().description() + " has left port " + port
                    + "; now it is held by " + holder.description();
            draft.close(port, true, over);
            draft.lookAgainWithin(Duration.ZERO);
            return new Result.Pending("Contested", over, false);
        }
        Optional<Conflict> dismissed =
                pass.dismissedConflict(port).filter(known -> ContestPast.isSameContest(known, holder, holders));
        if (conflict.isEmpty() && dismissed.isPresent()) {
            String message = "port " + port + " is held by " + holder.description()
                    + "; the conflict was dismissed, so nothing is done until that changes or the service is declared anew";
            draft.add(new Action.Report(port, message));
            return new Result.Stuck(message);
        }
        Optional<Way> way = seat.map(Way.Stay::new).<Way>map(each -> each).or(() -> wayOut(port, taken));
        Judgement judgement =
                taken.map(known -> judge(port, known, way, conflict)).orElseGet(() -> judgeClaim(why, way));
        Case each = new Case(port, holder, holders, conflict, way, judgement);
        return carryOut(approval(each) == Approval.State.EXPIRED ? unapproved(each) : each, draft);
    }

    /** Where the service could go. */
    private sealed interface Way {
        record Stay(PortKey port) implements Way {}

        record Go(PortKey port, Assignment how, List<String> passedOver) implements Way {}

        PortKey port();
    }

    private record Judgement(Guard.Ruling ruling, SeverityJudge.Verdict severity) {}

    private record Case(
            PortKey port,
            ConflictHolder holder,
            List<ProcessRef> holders,
            Optional<Conflict> conflict,
            Optional<Way> way,
            Judgement judgement) {}

    private Approval.State approval(Case each) {
        Guard.Ruling ruling = each.judgement().ruling();
        return ruling.needsApproval()
                ? each.conflict()
                        .map(open ->
                                Approval.of(open, ruling.kind(), each.holder(), pass.now, pass.policy.approvalTtl()))
                        .orElse(Approval.State.UNASKED)
                : Approval.State.UNASKED;
    }

    /** Nobody answered: what can be done without asking is done. */
    private Case unapproved(Case each) {
        Guard.Ruling safe =
                guard.unapproved(each.judgement().ruling(), each.way().isPresent());
        return new Case(
                each.port(),
                each.holder(),
                each.holders(),
                each.conflict(),
                each.way(),
                new Judgement(safe, each.judgement().severity()));
    }

    private Result.Pending freeing(PortKey port, ConflictHolder holder, Draft draft) {
        String message = "port " + port + " is being freed from " + holder.description();
        draft.add(new Action.Wait(message));
        draft.lookAgainWithin(MEANWHILE);
        return new Result.Pending("Freeing", message, false);
    }

    private Optional<Way> wayOut(PortKey port, Optional<Standing.Taken> taken) {
        boolean elsewhereNoBetter = taken.filter(known -> known.sighting().nobody())
                .flatMap(known -> Optional.ofNullable(pass.situation.blockages().get(port)))
                .filter(blockage -> blockage.cause() == Blockage.Cause.ADDRESS_NOT_HERE)
                .isPresent();
        if (!pass.policy.allowMigration() || elsewhereNoBetter) {
            return Optional.empty();
        }
        Optional<PortKey> home = pass.spec.preferred().filter(preferred -> !preferred.equals(port));
        if (home.isPresent()
                && pass.openEviction(home.orElseThrow()).isEmpty()
                && pass.judge.wanting(home.orElseThrow()) instanceof Standing.Free) {
            return Optional.of(new Way.Go(home.orElseThrow(), Assignment.WENT_HOME, List.of()));
        }
        return pass.allocator().choose(port::equals) instanceof PortAllocator.Choice.Found found
                ? Optional.of(new Way.Go(found.port(), found.how(), found.passedOver()))
                : Optional.empty();
    }

    private Judgement judge(PortKey port, Standing.Taken taken, Optional<Way> way, Optional<Conflict> conflict) {
        List<ProcessFacts> known = taken.sighting().known();
        Optional<PortKey> alternative = way.map(Way::port);
        SeverityJudge.Verdict severity = SeverityJudge.of(pass.service, taken, alternative);
        Contest contest = new Contest(
                pass.service,
                port,
                taken.holder(),
                taken.sighting().topmost(),
                !known.isEmpty()
                        && taken.sighting().gap().isEmpty()
                        && known.stream().allMatch(process -> Kinship.isSameUser(pass.service, process)),
                protection(port, known),
                alternative,
                ContestPast.cameBack(pass.situation, port, taken.holder(), pass.now),
                severity.severity(),
                severity.reason(),
                pass.situation.history(),
                pass.policy);
        Strategy.Decision wanted = strategies.decide(StrategyBook.wantedName(pass.spec, pass.policy), contest);
        Guard.Evidence evidence = new Guard.Evidence(
                contest,
                known,
                taken.stale(),
                ContestPast.failed(pass.situation, port, taken.sighting().holders()),
                ContestPast.ownerStopped(conflict));
        return new Judgement(guard.rule(wanted, evidence), severity);
    }

    private Judgement judgeClaim(String why, Optional<Way> way) {
        return new Judgement(
                guard.yield(why, way.isPresent()), SeverityJudge.ofClaim(pass.service, way.map(Way::port)));
    }

    /** One protected holder protects them all. */
    private Optional<String> protection(PortKey port, List<ProcessFacts> holders) {
        return holders.stream()
                .flatMap(process -> pass.protection.of(process).stream())
                .findFirst()
                .or(() -> pass.protection.of(port))
                .map(Protection.Rule::toString);
    }

    private Result carryOut(Case each, Draft draft) {
        Guard.Ruling ruling = each.judgement().ruling();
        PortKey port = each.port();
        boolean stays = ruling.kind() == DecisionKind.MIGRATE
                && each.way().filter(Way.Stay.class::isInstance).isPresent();
        if (stays) {
            String kept = "it keeps port " + each.way().orElseThrow().port() + ": " + ruling.reason();
            each.conflict().ifPresent(open -> draft.close(port, true, kept));
            return new Result.Keeps();
        }
        if (record(each, draft)) {
            String message = "waits for approval to " + ruling.kind().name().toLowerCase(java.util.Locale.ROOT) + ": "
                    + ruling.reason();
            draft.add(new Action.Wait(message));
            return new Result.Pending("AwaitingApproval", message, true);
        }
        return switch (ruling.kind()) {
            case ADOPT -> adopt(each, draft);
            case MIGRATE -> move(each, draft);
            case TERMINATE, RESTART -> end(each, draft);
            case WAIT -> {
                draft.add(new Action.Wait(ruling.reason()));
                draft.lookAgainWithin(MEANWHILE);
                yield new Result.Pending("Contested", ruling.reason(), false);
            }
            case REPORT -> {
                draft.add(new Action.Report(port, ruling.reason()));
                yield new Result.Stuck(ruling.reason());
            }
        };
    }

    /** Opens the conflict, or notes that it is decided differently now. True when a person must approve first. */
    private boolean record(Case each, Draft draft) {
        Guard.Ruling ruling = each.judgement().ruling();
        if (each.conflict().isEmpty()) {
            SeverityJudge.Verdict severity = each.judgement().severity();
            draft.add(new Action.OpenConflict(
                    each.port(),
                    severity.severity(),
                    severity.reason(),
                    each.holder(),
                    StrategyBook.wantedName(pass.spec, pass.policy),
                    ruling.kind(),
                    ruling.needsApproval(),
                    ruling.reason()));
            return ruling.needsApproval();
        }
        Conflict open = each.conflict().orElseThrow();
        boolean sameKind = open.decision() == ruling.kind();
        Approval.State approval = approval(each);
        boolean asks = ruling.needsApproval() && approval != Approval.State.GIVEN;
        boolean asksAlready = open.state() == Conflict.State.AWAITING_APPROVAL;
        if (!sameKind || asks != asksAlready || (asks && approval != Approval.State.ASKED)) {
            draft.add(new Action.RedecideConflict(
                    open.id(),
                    each.holder(),
                    ruling.kind(),
                    asks,
                    Approval.lapse(open, ruling, pass.now, pass.policy.approvalTtl()),
                    ruling.reason()));
        }
        if (asks) {
            draft.lookAgainWithin(
                    approval == Approval.State.ASKED
                            ? Approval.left(open, pass.now, pass.policy.approvalTtl())
                            : pass.policy.approvalTtl());
        }
        return asks;
    }

    private Result adopt(Case each, Draft draft) {
        String reason = each.judgement().ruling().reason();
        ProcessRef process = each.holders().get(0);
        draft.add(new Action.AdoptProcess(each.port(), process, true, reason));
        return new Result.Adopts(process, reason);
    }

    private Result move(Case each, Draft draft) {
        Way.Go way = (Way.Go) each.way().orElseThrow();
        Guard.Ruling ruling = each.judgement().ruling();
        StringBuilder message = new StringBuilder("moved from port ")
                .append(each.port())
                .append(" to ")
                .append(way.port())
                .append(": ")
                .append(ruling.reason());
        if (!way.passedOver().isEmpty()) {
            message.append("; passed over: ").append(String.join(", ", way.passedOver()));
        }
        pass.spec
                .preferred()
                .filter(home -> !home.equals(way.port()))
                .ifPresent(home -> message.append("; ")
                        .append(Words.wayHome(pass.spec, home, way.port(), pass.policy.homeAfter())));
        draft.add(new Action.AssignPort(way.port(), way.how(), message.toString()));
        draft.close(
                each.port(),
                true,
                "moved to " + way.port() + "; port " + each.port() + " is left to "
                        + each.holder().description());
        return new Result.Moves(way.port(), way.how(), message.toString());
    }

    private Result end(Case each, Draft draft) {
        Guard.Ruling ruling = each.judgement().ruling();
        PortKey port = each.port();
        String message = "port " + port + " is being freed: " + ruling.reason();
        if (ruling.kind() == DecisionKind.RESTART) {
            draft.add(new Action.RestartService(port, each.holders(), ruling.reason()));
        } else if (ruling.owner().isEmpty()) {
            draft.add(new Action.EvictHolders(port, each.holders(), ruling.reason()));
        } else if (ContestPast.isOwnerStopping(each.conflict())) {
            draft.add(new Action.Wait(message));
        } else {
            draft.add(new Action.StopOwner(port, ruling.owner().orElseThrow(), ruling.reason()));
        }
        draft.lookAgainWithin(MEANWHILE);
        return new Result.Pending("Freeing", message, false);
    }
}
