package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.PortKey;
import dev.berth.model.ServiceState;
import dev.berth.plan.Action.Assignment;
import java.time.Duration;
import java.util.Optional;

/** Judges a service that has a port: it keeps it, unless the port is taken from it, its spec changed, or it can go home. */
final class SeatedPass {
    private static final Duration NEXT_LOOK = Duration.ofMillis(250);
    private static final Duration MEANWHILE = Duration.ofSeconds(1);

    private final Pass pass;
    private final Draft draft;
    private final Conditions conditions;
    private final Contests contests;
    private final Supervision supervision;
    private final Homing homing;
    private final Handover handover;

    SeatedPass(Pass pass, Draft draft, Conditions conditions, Contests contests, Supervision supervision) {
        this.pass = pass;
        this.draft = draft;
        this.conditions = conditions;
        this.contests = contests;
        this.supervision = supervision;
        this.homing = new Homing(pass, draft, conditions, supervision);
        this.handover = new Handover(pass, draft, conditions, supervision);
    }

    void plan(PortKey seat) {
        if (!pass.isCovered()) {
            conditions.stillAssigned(seat);
            conditions.unclearOn(
                    seat,
                    "NotObserved",
                    "the last look did not cover " + pass.spec.protocol().label());
            draft.lookAgainWithin(MEANWHILE);
            return;
        }
        if (!isRejudged(seat) || !rejudge(seat)) {
            stay(seat);
        }
    }

    /** Is what the service prefers to be looked at again, although it has a port? */
    private boolean isRejudged(PortKey seat) {
        Optional<PortKey> home = pass.spec.preferred();
        if (home.filter(seat::equals).isPresent()) {
            return false;
        }
        boolean specChanged =
                pass.service.metadata().generation() != pass.service.status().observedGeneration();
        boolean unfinished = home.flatMap(pass::openConflict).isPresent()
                || pass.before(Condition.HOME_FREE)
                        .filter(known -> known.status() == Status.UNKNOWN)
                        .isPresent();
        return (home.isPresent()
                        && (specChanged
                                || unfinished
                                || pass.departures.exchange().isPresent()))
                || !pass.allocator().isCandidate(seat);
    }

    /** True when the plan is complete with that; false when the service stays where it is. */
    private boolean rejudge(PortKey seat) {
        if (pass.spec.preferred().isEmpty()) {
            if (pass.allocator().choose(seat::equals) instanceof PortAllocator.Choice.Found found
                    && handover.heldUp(seat, found.port()).isEmpty()) {
                moveTo(found.port(), found.how(), chosen(found), Optional.empty());
                return true;
            }
            return false;
        }
        PortKey home = pass.spec.preferred().orElseThrow();
        Standing standing = pass.judge.wanting(home);
        if (standing instanceof Standing.Free) {
            if (pass.openEviction(home).isPresent()) {
                return waitForHome(
                        home,
                        seat,
                        Handover.FREEING,
                        "port " + home + " was just freed and is watched for whoever comes back");
            }
            Optional<String> heldUp = handover.heldUp(seat, home);
            if (heldUp.isPresent()) {
                closeConflict(home, freed(home));
                return waitForHome(home, seat, heldUp.orElseThrow(), "port " + home + " is free");
            }
            moveTo(home, Assignment.PREFERRED, taken(home), Optional.empty());
            return true;
        }
        if (standing instanceof Standing.Own own) {
            adoptAt(home, own);
            return true;
        }
        if (standing instanceof Standing.Unclear unclear) {
            if (stay(seat)) {
                return true;
            }
            conditions.home(
                    home,
                    seat,
                    Status.UNKNOWN,
                    PortJudge.SEARCHING,
                    "who holds port " + home + " is not known yet: " + unclear.reason());
            draft.lookAgainWithin(NEXT_LOOK);
            return true;
        }
        if (standing instanceof Standing.Leaving leaving) {
            Optional<String> waits = handover.await(home, seat, leaving.why());
            return waits.isEmpty() || waitForHome(home, seat, waits.orElseThrow(), leaving.why());
        }
        // Nobody is ended on a port to which the service can't move.
        Optional<String> heldUp =
                standing instanceof Standing.Taken && pass.openEviction(home).isEmpty()
                        ? handover.heldUp(seat, home)
                        : Optional.empty();
        if (heldUp.isPresent()) {
            pass.openConflict(home)
                    .ifPresent(conflict ->
                            draft.close(home, false, "the service can't be restarted now and keeps port " + seat));
            return waitForHome(home, seat, heldUp.orElseThrow(), "port " + home + " is held by somebody else");
        }
        return contestHome(home, seat, standing);
    }

    /** Within moments it is decided whether the service has it: not known means that it is looked at again until then. */
    private boolean waitForHome(PortKey home, PortKey seat, String word, String why) {
        if (!stay(seat)) {
            conditions.home(home, seat, Status.UNKNOWN, word, why);
            draft.lookAgainWithin(MEANWHILE);
        }
        return true;
    }

    private boolean contestHome(PortKey home, PortKey seat, Standing standing) {
        Optional<PortKey> keeps = Optional.of(seat)
                .filter(port -> pass.allocator().isCandidate(port) || supervision.mayNotMove())
                .filter(port -> !(pass.judge.having(port) instanceof Standing.Taken));
        Contests.Result result = standing instanceof Standing.Taken taken
                ? contests.settle(home, taken, keeps, draft)
                : contests.settle(home, (Standing.Claimed) standing, keeps, draft);
        if (result instanceof Contests.Result.Moves moves) {
            closeConflict(seat, "the service left port " + seat);
            sitOn(moves.port(), moves.how(), moves.message(), Optional.empty());
            return true;
        }
        if (result instanceof Contests.Result.Adopts adopts) {
            moveTo(
                    home,
                    Assignment.ADOPTED,
                    adopts.message(),
                    Optional.of(new Standing.Own(adopts.process(), false, true, Optional.empty())));
            return true;
        }
        stay(seat);
        if (result instanceof Contests.Result.Pending pending && pending.approval()) {
            conditions.awaitsApproval(pending.message());
        }
        return true;
    }

    /** True when the service leaves the port all the same. */
    private boolean stay(PortKey seat) {
        Standing here = pass.judge.having(seat);
        boolean elsewhere = here instanceof Standing.Free || here instanceof Standing.Taken;
        Optional<Standing.Own> atHome = elsewhere ? ownAtHome(seat) : Optional.empty();
        if (atHome.isPresent()) {
            adoptAt(pass.spec.preferred().orElseThrow(), atHome.orElseThrow());
            return true;
        }
        if (supervision.applies() && homing.consider(seat, here, this)) {
            return true;
        }
        conditions.stillAssigned(seat);
        if (elsewhere) {
            forgetHolder(seat);
        }
        if (here instanceof Standing.Unclear unclear) {
            draft.add(new Action.Wait("who holds port " + seat + " is not known yet: " + unclear.reason()));
            draft.lookAgainWithin(NEXT_LOOK);
            conditions.unclearOn(seat, PortJudge.SEARCHING, unclear.reason());
            supervision.beside();
        } else if (here instanceof Standing.Own own) {
            run(seat, own);
        } else if (here instanceof Standing.Taken taken) {
            if (contestSeat(seat, taken)) {
                return true;
            }
        } else {
            await(seat);
        }
        return !supervision.applies() && homing.consider(seat, here, this);
    }

    /** Its own process listens on the port that it prefers, although it was given another one: that is where it runs. */
    private Optional<Standing.Own> ownAtHome(PortKey seat) {
        return pass.spec
                .preferred()
                .filter(home -> !home.equals(seat) && pass.openEviction(home).isEmpty())
                .flatMap(home ->
                        pass.judge.wanting(home) instanceof Standing.Own own ? Optional.of(own) : Optional.empty());
    }

    private void run(PortKey seat, Standing.Own own) {
        if (!own.recorded()) {
            draft.add(new Action.AdoptProcess(
                    seat,
                    own.process(),
                    own.assumed(),
                    own.assumed()
                            ? own.process() + " of the same user took port " + seat + " and is taken for the service"
                            : own.process() + " is its own and holds port " + seat));
        }
        closeConflict(seat, "its own process holds port " + seat);
        running(seat, own);
    }

    private void await(PortKey seat) {
        if (pass.openEviction(seat).isPresent() && pass.openConflict(seat).isPresent()) {
            String message = "port " + seat + " was just freed and is watched for whoever comes back";
            draft.add(new Action.Wait(message));
            draft.lookAgainWithin(MEANWHILE);
            conditions.nobodyOn(seat);
            conditions.contested("Freeing", message);
            supervision.beside();
            return;
        }
        closeConflict(seat, freed(seat));
        nobody(seat);
    }

    private void running(PortKey seat, Standing.Own own) {
        conditions.runningOn(seat, own);
        if (supervision.applies()) {
            supervision.on(seat, Optional.of(own));
        }
    }

    private void nobody(PortKey seat) {
        conditions.nobodyOn(seat);
        if (supervision.applies()) {
            supervision.on(seat, Optional.empty());
        }
    }

    /** True when the service leaves the port. */
    private boolean contestSeat(PortKey seat, Standing.Taken taken) {
        supervision.beside();
        Contests.Result result = contests.settle(seat, taken, Optional.empty(), draft);
        if (result instanceof Contests.Result.Moves moves) {
            sitOn(moves.port(), moves.how(), moves.message(), Optional.empty());
            return true;
        }
        if (result instanceof Contests.Result.Adopts adopts) {
            closeConflict(seat, adopts.message());
            conditions.runningOn(seat, new Standing.Own(adopts.process(), false, true, Optional.empty()));
        } else if (result instanceof Contests.Result.Pending pending) {
            conditions.takenFrom(seat, pending.reason(), pending.message(), ServiceState.PENDING);
            if (pending.approval()) {
                conditions.awaitsApproval(pending.message());
            }
        } else if (result instanceof Contests.Result.Stuck stuck) {
            conditions.takenFrom(seat, "Blocked", stuck.message(), ServiceState.BLOCKED);
        }
        return false;
    }

    /** Berth started nothing for an observed service: its process is whoever holds the port, and nobody once that left. */
    void forgetHolder(PortKey port) {
        pass.service
                .status()
                .process()
                .filter(process -> pass.spec.isObserved())
                .ifPresent(process -> draft.add(
                        new Action.ForgetProcess(process, process + " does not hold port " + port + " any more")));
    }

    void adoptAt(PortKey port, Standing.Own own) {
        String why = own.process() + ", its own, held port " + port;
        if (!own.recorded()) {
            draft.add(new Action.AdoptProcess(port, own.process(), own.assumed(), why));
        }
        moveTo(port, Assignment.ADOPTED, why, Optional.of(own));
    }

    /** Assigns the port, closes what was contested about it and about the one before, and says what is true then. */
    void moveTo(PortKey port, Assignment how, String why, Optional<Standing.Own> own) {
        if (own.isEmpty()) {
            pass.service.assigned().ifPresent(this::forgetHolder);
        }
        String message = pass.service
                .assigned()
                .filter(before -> !before.equals(port))
                .map(before -> "moved from port " + before + " to " + port + ": " + why)
                .orElse(why);
        draft.add(new Action.AssignPort(port, how, message));
        closeConflict(
                port, own.map(process -> "its own process holds port " + port).orElseGet(() -> freed(port)));
        pass.service
                .assigned()
                .filter(before -> !before.equals(port))
                .ifPresent(before -> closeConflict(before, "the service left port " + before));
        sitOn(port, how, message, own);
    }

    /** Says what is true once the service has the port. */
    void sitOn(PortKey port, Assignment how, String message, Optional<Standing.Own> own) {
        conditions.assigned(how, message);
        if (own.isPresent()) {
            running(port, own.orElseThrow());
        } else {
            nobody(port);
        }
        homing.describe(port);
    }

    private void closeConflict(PortKey port, String why) {
        pass.openConflict(port).ifPresent(conflict -> draft.close(port, true, why));
    }

    /** How the port came to be free. */
    private String freed(PortKey port) {
        return pass.eviction(port)
                .map(eviction -> "port " + port + " was freed"
                        + eviction.message().map(text -> ": " + text).orElse(""))
                .orElse("port " + port + " became free by itself");
    }

    /** Why the service gets the port that it prefers, with what its owner should know about that port. */
    String taken(PortKey port) {
        return "port " + port + " was free and is the one that it prefers"
                + pass.availability().warning(port).map(text -> "; " + text).orElse("");
    }

    String chosen(PortAllocator.Choice.Found found) {
        return "port " + found.port() + " is the first free one"
                + pass.availability()
                        .warning(found.port())
                        .map(text -> "; " + text)
                        .orElse("")
                + (found.passedOver().isEmpty() ? "" : "; passed over: " + String.join(", ", found.passedOver()));
    }

    /** A port to report about when none could be given. */
    PortKey anyWanted() {
        int port = pass.spec
                .portRange()
                .map(range -> range.first())
                .orElseGet(() -> pass.policy.range().first());
        return new PortKey(pass.spec.protocol(), port);
    }
}
