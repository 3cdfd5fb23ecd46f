package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.Exit;
import dev.berth.model.Launch;
import dev.berth.model.PortKey;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether a service that has its port and no process may be started now, and what it waits for otherwise. */
final class StartGate {
    static final String CANNOT_START = "CannotStart";
    static final String DEPENDENCY_FAILED = "DependencyFailed";

    /** While something is expected to happen at any moment. */
    private static final Duration SOON = Duration.ofMillis(10);

    private static final Duration MEANWHILE = Duration.ofSeconds(1);

    /** What kept a start from being tried may be mended at any time; looking for it takes a few reads of directories. */
    private static final Duration MENDED = Duration.ofSeconds(2);

    /** Of its output in a condition; the exit has more. */
    private static final int TOLD_LINES = 3;

    private final Pass pass;
    private final Draft draft;
    private final Service service;
    private final RunFacts facts;
    private final Dependencies dependencies;
    private final Siblings siblings;
    private final Fitness fitness;

    StartGate(Pass pass, Draft draft, Dependencies dependencies, Siblings siblings, Fitness fitness) {
        this.pass = pass;
        this.draft = draft;
        this.service = pass.service;
        this.facts = pass.situation.run();
        this.dependencies = dependencies;
        this.siblings = siblings;
        this.fitness = fitness;
    }

    /** It has this port and no process: starts it, or says what it waits for. */
    void consider(PortKey seat, Run run) {
        boolean asked = run.request().isPresent()
                || run.generation() != service.metadata().generation();
        if (run.gaveUp().isPresent() && !asked) {
            down(run, run.gaveUp().orElseThrow());
            return;
        }
        Optional<Hindrance> missing = missing();
        if (missing.isPresent()) {
            waits(missing.orElseThrow());
            return;
        }
        Optional<Service> unjudged = dependencies.unjudged();
        if (unjudged.isPresent()) {
            draft.add(new Action.Wait("all ports are given before anything starts; waits for "
                    + unjudged.orElseThrow().key()));
            draft.lookAgainWithin(SOON);
            notStarted("Allocating", "waits until every declared service has its port", ServiceState.PENDING);
            return;
        }
        Optional<Service> stopping = siblings.stopping();
        if (stopping.isPresent()) {
            String message = "waits until " + stopping.orElseThrow().key() + " has stopped";
            draft.add(new Action.Wait(message));
            draft.lookAgainWithin(SOON);
            notStarted("Restarting", message, ServiceState.PENDING);
            return;
        }
        Optional<Instant> next = run.nextStart().filter(at -> !asked && !isClockSetBack(run) && at.isAfter(pass.now));
        if (next.isPresent()) {
            String message =
                    run.lastExit().map(exit -> "it " + exit.words() + "; ").orElse("") + "restart " + run.failures()
                            + " of " + pass.spec.maxRestarts() + " is due at " + next.orElseThrow();
            draft.add(new Action.Wait(message));
            draft.lookAgainWithin(Duration.between(pass.now, next.orElseThrow()));
            notStarted("BackOff", message, ServiceState.PENDING);
            return;
        }
        Optional<Hindrance> obstacle = obstacle();
        if (obstacle.isPresent()) {
            Hindrance found = obstacle.orElseThrow();
            draft.add(new Action.Report(seat, found.message()));
            draft.lookAgainWithin(found.goneAfter());
            notStarted(found.reason(), found.message(), found.lasting() ? ServiceState.FAILED : ServiceState.PENDING);
            draft.condition(Condition.STARTED, Status.FALSE, found.reason(), withDetails(found.message()));
            return;
        }
        start(seat, run);
    }

    /**
     * Why a start would fail or could not be made now, known before it is tried.
     *
     * @param reason one word for programs
     * @param lasting it won't go by itself
     * @param goneAfter when to look whether it has gone
     */
    record Hindrance(String reason, String message, boolean lasting, Duration goneAfter) {
        Hindrance saying(String words) {
            return new Hindrance(reason, words, lasting, goneAfter);
        }
    }

    /** What would keep it from being started again, were it ended now; empty when nothing is known to. */
    Optional<Hindrance> foreseen() {
        return missing().or(this::obstacle);
    }

    private Optional<Hindrance> missing() {
        return dependencies
                .beforeStart()
                .map(missing -> new Hindrance(
                        missing.hopeless() ? DEPENDENCY_FAILED : "WaitingForDependency",
                        missing.reason(),
                        missing.hopeless(),
                        MEANWHILE));
    }

    private Optional<Hindrance> obstacle() {
        return facts.obstacles().isEmpty()
                ? Optional.empty()
                : Optional.of(new Hindrance(
                        facts.passing() ? "WaitingForPorts" : CANNOT_START,
                        String.join("; ", facts.obstacles()),
                        !facts.passing(),
                        MENDED));
    }

    /** For the condition that only those read who look at this service alone; lists of services show that of readiness. */
    private String withDetails(String message) {
        return facts.details().isEmpty() ? message : message + "; " + String.join("; ", facts.details());
    }

    private void waits(Hindrance missing) {
        draft.add(new Action.Wait(missing.message()));
        draft.lookAgainWithin(missing.goneAfter());
        notStarted(
                missing.reason(), missing.message(), missing.lasting() ? ServiceState.BLOCKED : ServiceState.PENDING);
        draft.condition(Condition.WAITING, Status.TRUE, missing.reason(), missing.message());
    }

    private void notStarted(String reason, String message, ServiceState state) {
        draft.condition(Condition.STARTED, Status.FALSE, reason, message);
        draft.condition(Condition.READY, Status.FALSE, "NotRunning", message);
        draft.state(state);
    }

    private void start(PortKey seat, Run run) {
        boolean prepare =
                facts.installInputs().isPresent() && !facts.installInputs().equals(run.installed());
        if (prepare) {
            draft.add(new Action.StartProcess(
                    seat,
                    Launch.Step.INSTALL,
                    facts.installInputs().orElseThrow(),
                    "what it installs was never installed, or has changed since"));
            notStarted("Installing", "its install command runs", ServiceState.STARTING);
        } else {
            draft.add(new Action.StartProcess(
                    seat,
                    Launch.Step.SERVICE,
                    Fingerprint.of(pass.spec, Optional.of(seat)),
                    run.lastExit().isEmpty() ? "it is to run" : "it is to run and does not"));
            fitness.starting(seat);
        }
        draft.lookAgainWithin(SOON);
    }

    /** Its end lies ahead: since then the clock was set back, and would let it wait for as long as it was set. */
    private boolean isClockSetBack(Run run) {
        return run.lastExit().filter(exit -> exit.at().isAfter(pass.now)).isPresent();
    }

    /** It stays down. */
    void down(Run account, String why) {
        boolean done =
                account.lastExit().filter(exit -> exit.status().orElse(1) == 0).isPresent() && !pass.spec.autoRestart();
        draft.condition(Condition.STARTED, Status.FALSE, done ? "Completed" : "GaveUp", why + lastLines(account));
        draft.condition(Condition.READY, Status.FALSE, "NotRunning", why);
        draft.state(done ? ServiceState.STOPPED : ServiceState.FAILED);
    }

    private static String lastLines(Run account) {
        List<String> lines = account.lastExit().map(Exit::lastLines).orElse(List.of());
        List<String> last = lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size());
        return last.isEmpty() ? "" : "; its last lines: " + String.join(" ⏎ ", last);
    }
}
