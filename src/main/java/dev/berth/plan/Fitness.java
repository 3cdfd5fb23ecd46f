package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.HealthReading;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.ServiceState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says how a service is whose process runs: ready, still starting, listening elsewhere, or not well. */
final class Fitness {
    /** Between two looks at one that starts; grows with its age up to the observer's own rhythm. */
    private static final Duration FIRST_LOOK = Duration.ofMillis(5);

    private static final Duration LAST_LOOK = Duration.ofMillis(250);

    /** Some programs open a port for their debugger before their own: what is elsewhere only now is not told yet. */
    private static final Duration DRIFT_AFTER = Duration.ofSeconds(2);

    private static final String WAITS = "waits until it listens on port ";

    private final Pass pass;
    private final Draft draft;

    Fitness(Pass pass, Draft draft) {
        this.pass = pass;
        this.draft = draft;
    }

    /** It is about to be started. */
    void starting(PortKey seat) {
        draft.condition(Condition.STARTED, Status.FALSE, "Starting", "it is being started with port " + seat);
        draft.condition(Condition.READY, Status.FALSE, "Starting", WAITS + seat);
        draft.state(ServiceState.STARTING);
    }

    /** What is true once its process runs, in the words of every later pass. */
    static Condition started(PortKey seat, Instant at) {
        return new Condition(
                Condition.STARTED, Status.TRUE, "ProcessStarted", "its process runs and was told port " + seat, at);
    }

    /**
     * @param own its own process on the port
     * @param young whether it may still be starting
     * @param grown when it should have started
     */
    void alive(PortKey seat, Optional<Standing.Own> own, boolean young, Instant grown) {
        draft.carry(started(seat, pass.now));
        if (!ready(seat, own)) {
            boolean wasReady = pass.service.status().state() == ServiceState.RUNNING
                    || pass.service.status().state() == ServiceState.DEGRADED;
            draft.state(young && !wasReady ? ServiceState.STARTING : ServiceState.DEGRADED);
            if (young) {
                Duration left = Duration.between(pass.now, grown);
                Duration age = startPeriod().minus(left).dividedBy(4);
                Duration wish = age.compareTo(FIRST_LOOK) < 0 ? FIRST_LOOK : age;
                draft.lookAgainWithin(wish.compareTo(LAST_LOOK) > 0 ? LAST_LOOK : wish);
            }
            return;
        }
        draft.state(ServiceState.RUNNING);
        forgive();
    }

    private Duration startPeriod() {
        return pass.policy.startPeriod(pass.spec);
    }

    /** True when it is ready; says what is true either way. */
    private boolean ready(PortKey seat, Optional<Standing.Own> own) {
        Optional<HealthCheckSpec> check = pass.spec.healthCheck();
        // A program that serves nothing is judged by its own check.
        boolean byCheckAlone = check.filter(
                        spec -> !spec.kind().equals("http") && !spec.kind().equals("tcp"))
                .isPresent();
        if (own.isEmpty() && !byCheckAlone) {
            return elsewhere(seat);
        }
        if (check.isEmpty()) {
            return say(Status.TRUE, "Listening", own.orElseThrow().process() + " listens on port " + seat);
        }
        Optional<HealthReading> reading = pass.situation.run().health();
        HealthReading.Verdict verdict = reading.map(HealthReading::verdict).orElse(HealthReading.Verdict.UNDECIDED);
        return switch (verdict) {
            case PASSING -> say(Status.TRUE, "HealthCheckPassed", detail(reading));
            case FAILING -> say(Status.FALSE, "HealthCheckFailed", detail(reading));
            case UNDECIDED -> undecided(reading);
        };
    }

    /** After a restart of Berth the first check is still to come: what was true is said until then. */
    private boolean undecided(Optional<HealthReading> reading) {
        Optional<Condition> before = pass.before(Condition.READY)
                .filter(known -> known.status() == Status.TRUE && known.reason().equals("HealthCheckPassed"));
        if (before.isPresent() && reading.isEmpty()) {
            draft.carry(before.orElseThrow());
            return true;
        }
        return say(
                Status.FALSE,
                "Starting",
                "waits for its health check"
                        + reading.map(known -> ", which says: " + known.detail())
                                .orElse(""));
    }

    private static String detail(Optional<HealthReading> reading) {
        return reading.map(HealthReading::detail).orElse("");
    }

    private boolean elsewhere(PortKey seat) {
        List<Integer> chosen = isLaunchedWithin(DRIFT_AFTER) ? List.of() : List.copyOf(drift(seat));
        if (!chosen.isEmpty()) {
            String ports = chosen.stream().map(String::valueOf).collect(Collectors.joining(", "));
            String message = "it was given port " + seat + " and listens on " + ports
                    + "; use the variable PORT or {port} in its command";
            draft.condition(Condition.PORT_DRIFTED, Status.TRUE, "ListensElsewhere", message);
            return say(Status.FALSE, "PortDrifted", message);
        }
        return isLaunchedWithin(startPeriod())
                ? say(Status.FALSE, "Starting", WAITS + seat)
                : say(
                        Status.FALSE,
                        "NotListening",
                        "it runs, but does not listen on port " + seat
                                + "; one that serves nothing needs a healthCheck with a command");
    }

    /** Not when it was adopted, nor when the clock was set back since: it may be of any age then. */
    boolean isLaunchedWithin(Duration span) {
        return pass.service
                .status()
                .runOrNone()
                .launch()
                .filter(launch -> !pass.now.isBefore(launch.at())
                        && pass.now.isBefore(launch.at().plus(span)))
                .isPresent();
    }

    /** Where its own processes listen instead, except above the ports that programs choose: those are the kernel's choice. */
    private TreeSet<Integer> drift(PortKey seat) {
        TreeSet<Integer> ports = new TreeSet<>();
        for (Listener listener : pass.situation.host().listeners()) {
            if (listener.key().protocol() == seat.protocol()
                    && listener.ownership() instanceof Ownership.Held held
                    && held.holders().stream().anyMatch(this::isOwn)
                    && pass.policy
                            .ephemeral()
                            .filter(range -> range.contains(listener.key().port()))
                            .isEmpty()) {
                ports.add(listener.key().port());
            }
        }
        return ports;
    }

    private boolean isOwn(ProcessRef holder) {
        Optional<ProcessFacts> facts =
                Optional.ofNullable(pass.situation.host().processes().get(holder));
        return Kinship.isRecorded(pass.service, holder, facts);
    }

    private boolean say(Status status, String reason, String message) {
        draft.condition(Condition.READY, status, reason, message);
        return status == Status.TRUE;
    }

    private void forgive() {
        if (pass.service.status().runOrNone().failures() == 0 || !Thresholds.allowForgiving(pass.situation.run())) {
            return;
        }
        Optional<Condition> ready = pass.before(Condition.READY).filter(known -> known.status() == Status.TRUE);
        if (Restarts.isForgiven(pass.service, pass.now)) {
            draft.add(new Action.ForgetFailures("it has been ready for " + Words.duration(Restarts.FORGIVEN_AFTER)));
        } else {
            Instant due =
                    ready.map(Condition::lastTransitionTime).orElse(pass.now).plus(Restarts.FORGIVEN_AFTER);
            draft.lookAgainWithin(Duration.between(pass.now, due));
        }
    }
}
