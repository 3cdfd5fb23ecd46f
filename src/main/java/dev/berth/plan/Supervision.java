package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.Exit;
import dev.berth.model.Launch;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.model.RestartRequest;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceState;
import dev.berth.model.Stop;
import dev.berth.plan.Action.RecordExit.Blame;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Judges the processes of a service that Berth runs: when to start, to stop and to try again, and how it is. */
final class Supervision {
    /** While something is expected to happen at any moment. */
    private static final Duration SOON = Duration.ofMillis(10);

    private static final Duration MEANWHILE = Duration.ofSeconds(1);

    private final Pass pass;
    private final Draft draft;
    private final Conditions conditions;
    private final Service service;
    private final Dependencies dependencies;
    private final RunFacts facts;
    private final Siblings siblings;
    private final Fitness fitness;
    private final Thresholds thresholds;
    private final StartGate gate;
    private final RestartGate restarts;
    /** As it is once the plan so far is carried out. */
    private Run run;

    Supervision(Pass pass, Draft draft, Conditions conditions) {
        this.pass = pass;
        this.draft = draft;
        this.conditions = conditions;
        this.service = pass.service;
        this.run = service.status().runOrNone();
        this.facts = pass.situation.run();
        this.dependencies = new Dependencies(service, pass.situation.services(), pass.now);
        this.siblings = new Siblings(service, pass.situation.services(), pass.now);
        this.fitness = new Fitness(pass, draft);
        this.thresholds = new Thresholds(pass, draft);
        this.gate = new StartGate(pass, draft, dependencies, siblings, fitness);
        this.restarts = new RestartGate(draft, run, gate, siblings);
    }

    /** Does Berth run it, or still have something of it to end? */
    boolean applies() {
        return !pass.spec.isObserved() || run.launch().isPresent() || run.stop().isPresent();
    }

    /** What comes before all questions about ports. True when the plan is complete with that. */
    boolean first() {
        if (run.stop().isPresent()) {
            carry();
            underWay(run.stop().orElseThrow().reason());
            return true;
        }
        if (run.launch().flatMap(Launch::act).isPresent()) {
            // What became of the start is found out before anything else is decided.
            carry();
            draft.lookAgainWithin(SOON);
            return true;
        }
        if (facts.leader() == RunFacts.Leader.GONE && gone()) {
            return true;
        }
        if (facts.leader() == RunFacts.Leader.UNKNOWN) {
            carry();
            draft.condition(
                    Condition.READY,
                    Status.UNKNOWN,
                    "ProcessUnseen",
                    "whether " + process().map(ProcessRef::toString).orElse("its process") + " runs could not be seen");
            draft.lookAgainWithin(MEANWHILE);
            return true;
        }
        return (facts.closing() || !Claims.isWanted(service) || pass.spec.isObserved()) && unwanted();
    }

    private Optional<ProcessRef> process() {
        return service.status().process();
    }

    /** Everything stays as it was said. */
    private void carry() {
        service.assigned()
                .ifPresentOrElse(
                        conditions::stillAssigned,
                        () -> conditions.stillWithout("nothing is decided about its port now"));
        service.status().conditions().forEach(draft::carry);
        draft.state(service.status().state());
    }

    private void underWay(String reason) {
        String message = "its processes are being ended: " + reason;
        draft.condition(Condition.STARTED, Status.FALSE, "Stopping", message);
        draft.condition(Condition.READY, Status.FALSE, "Stopping", message);
        draft.dropCondition(Condition.UP_TO_DATE);
        draft.state(ServiceState.STOPPING);
        draft.lookAgainWithin(MEANWHILE);
    }

    private boolean unwanted() {
        if (process().isEmpty()) {
            if (facts.closing()) {
                carry();
                draft.condition(Condition.READY, Status.FALSE, "BerthStops", "Berth stops, and its services with it");
                draft.state(ServiceState.STOPPED);
                return true;
            }
            return false;
        }
        Optional<Service> before = dependencies.dependantToStop(facts.closing());
        if (before.isPresent()) {
            carry();
            draft.add(new Action.Wait("it stops after " + before.orElseThrow().key() + ", which depends on it"));
            draft.lookAgainWithin(MEANWHILE);
            return true;
        }
        String why;
        if (facts.closing()) {
            why = "Berth stops, and its services with it";
        } else if (service.metadata().deletionTimestamp().isPresent()) {
            why = "the service is being deleted";
        } else {
            why = pass.spec.isObserved() ? "it has no command any more" : "the service is declared as not running";
        }
        carry();
        stop(Stop.Then.STAY, run.request().filter(RestartRequest::force).isPresent(), why);
        return true;
    }

    private void stop(Stop.Then then, boolean force, String why) {
        draft.add(new Action.StopProcess(then, force, why));
        underWay(why);
    }

    /** The recorded process has ended. True when the plan is complete with that. */
    private boolean gone() {
        ProcessRef gone = process().orElseThrow();
        if (facts.family().isEmpty()) {
            Exit exit = facts.exit().orElseGet(() -> Exit.unknown(pass.now));
            Blame blame = blame();
            Run after = Restarts.after(service, exit, blame, pass.now, facts.jitter());
            draft.add(new Action.RecordExit(gone, after, blame, gone + " " + exit.words()));
            run = after;
            if (Claims.isWanted(service)
                    && !pass.spec.isObserved()
                    && !facts.closing()
                    && after.gaveUp().isEmpty()) {
                // The next start comes in the same plan where nothing delays it: every step less is a millisecond less.
                return false;
            }
            carry();
            ended(exit.words(), after);
            draft.lookAgainWithin(Duration.ZERO);
            return true;
        }
        Optional<ProcessRef> heir = heir();
        if (heir.isPresent()) {
            draft.add(new Action.AdoptProcess(
                    service.assigned().orElseThrow(),
                    heir.orElseThrow(),
                    false,
                    gone + " ended, and " + heir.orElseThrow() + ", which it started, holds the port"));
            carry();
            draft.lookAgainWithin(Duration.ZERO);
            return true;
        }
        boolean handsOver = facts.exit()
                        .filter(exit ->
                                exit.signal().isPresent() || exit.status().orElse(0) != 0)
                        .isEmpty()
                && Claims.isWanted(service)
                && !facts.closing()
                && isYoung();
        String left = gone + " ended and left " + facts.family().size() + " of its processes";
        if (handsOver) {
            carry();
            draft.add(new Action.Wait(left + "; one of them may be about to take over"));
            draft.lookAgainWithin(Duration.ofMillis(100));
            return true;
        }
        carry();
        stop(Stop.Then.ACCOUNT, false, left);
        return true;
    }

    /** Programs that go to the background leave a child behind which then has the port. */
    private Optional<ProcessRef> heir() {
        return service.assigned()
                .flatMap(port -> pass.holdersOf(port).stream()
                        .filter(facts.family()::contains)
                        .findFirst());
    }

    private Blame blame() {
        if (run.launch().filter(this::isReplaced).isPresent()) {
            return Blame.REPLACED;
        }
        boolean moved = run.launch()
                .filter(launch -> !told(launch).equals(service.assigned()))
                .isPresent();
        return facts.portTaken() && (moved || isTakenByOthers()) ? Blame.PORT_TAKEN : Blame.OWN;
    }

    /** An install changes the files by which it is known, also when it fails: only a declaration makes it another one. */
    private boolean isReplaced(Launch launch) {
        return launch.step() == Launch.Step.INSTALL
                ? run.generation() != service.metadata().generation()
                : !isOf(launch, told(launch));
    }

    private Optional<PortKey> told(Launch launch) {
        return launch.port().isPresent()
                ? Optional.of(new PortKey(pass.spec.protocol(), launch.port().getAsInt()))
                : Optional.empty();
    }

    /** Would it be started in the same way today, if it had this port? */
    private boolean isOf(Launch launch, Optional<PortKey> port) {
        return launch.fingerprint().equals(Fingerprint.of(pass.spec, port));
    }

    private boolean isTakenByOthers() {
        // On the address that it wants: elsewhere the kernel keeps them apart, and its complaint was of another port.
        return service.assigned()
                .filter(port -> pass.situation.blockages().containsKey(port) || isHeldByOthers(pass.judge.having(port)))
                .isPresent();
    }

    private static boolean isHeldByOthers(Standing here) {
        return here instanceof Standing.Taken || here instanceof Standing.Unclear;
    }

    private Instant launchedAt() {
        return run.launch().map(Launch::at).orElse(pass.now);
    }

    private boolean isYoung() {
        return fitness.isLaunchedWithin(startPeriod());
    }

    private Duration startPeriod() {
        return pass.policy.startPeriod(pass.spec);
    }

    private void ended(String words, Run after) {
        if (after.gaveUp().isPresent()) {
            gate.down(after, after.gaveUp().orElseThrow());
        } else {
            draft.condition(Condition.STARTED, Status.FALSE, "Exited", "it " + words);
            draft.condition(Condition.READY, Status.FALSE, "NotRunning", "it " + words);
            draft.state(ServiceState.PENDING);
        }
    }

    /**
     * It has this port.
     *
     * @param own its own process on the port; empty when there is none
     */
    void on(PortKey seat, Optional<Standing.Own> own) {
        if (facts.leader() != RunFacts.Leader.ALIVE) {
            gate.consider(seat, run);
            return;
        }
        boolean installing = run.launch()
                .filter(launch -> launch.step() == Launch.Step.INSTALL)
                .isPresent();
        Optional<String> stale = stale(seat, installing);
        // What installs is nothing that served before.
        if (stale.isPresent()
                && (installing || restarts.putOff(stale.orElseThrow()).isEmpty())) {
            restart(stale.orElseThrow());
        } else if (installing) {
            draft.condition(Condition.STARTED, Status.FALSE, "Installing", "its install command runs");
            draft.condition(Condition.READY, Status.FALSE, "Installing", "its install command runs");
            draft.state(ServiceState.STARTING);
        } else {
            thresholds.say();
            Optional<String> excess = thresholds.restart();
            if (excess.isPresent()
                    && stale.isEmpty()
                    && restarts.putOff(excess.orElseThrow()).isEmpty()) {
                Run after = Restarts.afterExcess(service, pass.now, facts.jitter());
                draft.add(new Action.CountFailure(after, excess.orElseThrow()));
                stop(Stop.Then.START, false, excess.orElseThrow());
            } else {
                fitness.alive(seat, own, isYoung(), launchedAt().plus(startPeriod()));
            }
        }
    }

    private void restart(String why) {
        boolean force = run.request().filter(RestartRequest::force).isPresent();
        Optional<Service> before = force ? siblings.stoppingBefore() : Optional.empty();
        if (before.isPresent()) {
            carry();
            draft.add(new Action.Wait("it stops after " + before.orElseThrow().key()));
            draft.lookAgainWithin(SOON);
        } else {
            stop(Stop.Then.START, force, why);
        }
    }

    /** It has a port that somebody else holds; what can be said of its process beside that. */
    void beside() {
        service.status().condition(Condition.STARTED).ifPresent(draft::carry);
        thresholds.say();
    }

    private Optional<String> stale(PortKey seat, boolean installing) {
        if (run.request().isPresent()) {
            return run.request().map(request -> request.by().name() + " asked for a restart");
        }
        if (installing || run.launch().isEmpty()) {
            return Optional.empty();
        }
        Launch launch = run.launch().orElseThrow();
        if (isOf(launch, Optional.of(seat))) {
            return Optional.empty();
        }
        return Optional.of(
                launch.port().isPresent() && launch.port().getAsInt() != seat.port()
                        ? "it moves from port " + launch.port().getAsInt() + " to " + seat.port()
                        : "it was declared anew since it was started");
    }

    /** Nothing of it may run; says so when something did. */
    void stopped() {
        run.lastExit()
                .ifPresent(exit -> draft.condition(Condition.STARTED, Status.FALSE, "Stopped", "it " + exit.words()));
    }

    /** It runs, and a move to another port, which is a restart, has to wait. */
    boolean mayNotMove() {
        return isAlive() && restarts.isShut();
    }

    /** Why such a move, which it was to make, has to wait; says so. */
    Optional<StartGate.Hindrance> putOffMove(String why) {
        return isAlive() ? restarts.putOff(why) : Optional.empty();
    }

    /** It ends what runs, so that its port becomes free for another service. */
    void giveWay(String why) {
        carry();
        stop(Stop.Then.START, false, why);
    }

    /** Its process runs. */
    boolean isAlive() {
        return applies() && facts.leader() == RunFacts.Leader.ALIVE;
    }
}
