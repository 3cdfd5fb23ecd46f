package dev.berth.control;

import dev.berth.host.ProcessControl;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.AuditEntry;
import dev.berth.model.Eviction;
import dev.berth.model.Outcome;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Carries out the open acts of an eviction: sends what was intended by this process, topmost target first, and closes what an
 * earlier process left behind by what is seen now, without sending.
 */
final class SignalSender {
    private final ProcessControl processes;
    private final SafeSignals signals;
    private final Acts<SignalResult> acts;
    private final SignalRetries retries;
    private final InstantSource clock;

    SignalSender(
            ProcessControl processes,
            SafeSignals signals,
            Acts<SignalResult> acts,
            SignalRetries retries,
            InstantSource clock) {
        this.processes = processes;
        this.signals = signals;
        this.acts = acts;
        this.retries = retries;
        this.clock = clock;
    }

    /**
     * What is to be stored.
     *
     * @param fatal why nothing further may be tried
     */
    record Settled(Eviction eviction, List<AuditEntry> outcomes, List<String> acts, Optional<String> fatal) {}

    /**
     * Empty when no act is open.
     *
     * @param unwanted why nobody wants the port emptied any more: what is intended and not sent yet then isn't
     */
    Optional<Settled> settle(Eviction eviction, Optional<String> unwanted) {
        if (eviction.targets().stream().allMatch(target -> target.openAct().isEmpty())) {
            return Optional.empty();
        }
        List<Eviction.Target> targets = new ArrayList<>();
        List<AuditEntry> outcomes = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        Optional<String> fatal = Optional.empty();
        for (Eviction.Target target : eviction.targets()) {
            if (target.openAct().isEmpty()) {
                targets.add(target);
                continue;
            }
            String act = target.openAct().get();
            Judged judged = unwanted.isPresent() && acts.begin(act)
                    ? withheld(eviction, target, unwanted.get())
                    : answer(eviction, target, act)
                            .map(result -> judge(eviction, target, result))
                            .orElseGet(() -> interrupted(eviction, target));
            closed.add(act);
            targets.add(judged.target());
            outcomes.add(Audits.signalled(
                    clock.instant(), eviction, target, act, judged.words(), judged.outcome(), judged.detail()));
            fatal = fatal.or(judged::fatal);
        }
        return Optional.of(new Settled(eviction.withTargets(targets), outcomes, closed, fatal));
    }

    /** The outcomes are stored. */
    void stored(Settled settled) {
        acts.closed(settled.acts());
    }

    private Optional<SignalResult> answer(Eviction eviction, Eviction.Target target, String act) {
        if (acts.begin(act)) {
            SignalResult result = signals.send(target, eviction.port(), Targets.signalOf(eviction));
            acts.answered(act, result);
            return Optional.of(result);
        }
        return acts.answer(act);
    }

    private record Judged(
            Eviction.Target target, Outcome outcome, String detail, String words, Optional<String> fatal) {}

    private Judged judge(Eviction eviction, Eviction.Target target, SignalResult result) {
        Signal signal = Targets.signalOf(eviction);
        if (result instanceof SignalResult.Sent) {
            return new Judged(
                    Targets.signalled(target, signal),
                    Outcome.SUCCEEDED,
                    signal.name(),
                    "sent to " + Targets.names(List.of(target)),
                    Optional.empty());
        }
        if (result instanceof SignalResult.Gone) {
            return notSent(Targets.done(target), signal, "the process had already ended", Optional.empty());
        }
        if (result instanceof SignalResult.NotTheSame other) {
            return notSent(
                    Targets.done(target),
                    signal,
                    target.process() + " is another process now: " + other.found(),
                    Optional.empty());
        }
        if (result instanceof SignalResult.NoLongerHolds) {
            return notSent(
                    Targets.done(target),
                    signal,
                    target.process() + " no longer holds port " + eviction.port(),
                    Optional.empty());
        }
        if (result instanceof SignalResult.Protected rule) {
            String why = target.process() + " is protected by the rule " + rule.rule();
            return notSent(Targets.withAct(target, Optional.empty()), signal, why, Optional.of(why));
        }
        if (result instanceof SignalResult.Denied denied) {
            String why = "signalling " + target.process() + " is not permitted: " + denied.reason();
            return notSent(Targets.withAct(target, Optional.empty()), signal, why, Optional.of(why));
        }
        String why = result instanceof SignalResult.Failed failed ? failed.reason() : result.toString();
        retries.failed(eviction, target, signal, why);
        return notSent(Targets.withAct(target, Optional.empty()), signal, why, Optional.empty());
    }

    private static Judged withheld(Eviction eviction, Eviction.Target target, String why) {
        return notSent(Targets.withAct(target, Optional.empty()), Targets.signalOf(eviction), why, Optional.empty());
    }

    private static Judged notSent(Eviction.Target target, Signal signal, String why, Optional<String> fatal) {
        return new Judged(target, Outcome.FAILED, signal.name() + ": not sent", why, fatal);
    }

    /** Whether the signal was sent before the interruption can't be known; what can be seen is whether the process is there. */
    private Judged interrupted(Eviction eviction, Eviction.Target target) {
        Signal signal = Targets.signalOf(eviction);
        ProcessControl.Liveness liveness = processes.liveness(target.process());
        boolean gone = liveness == ProcessControl.Liveness.GONE;
        String seen = switch (liveness) {
            case GONE -> "the process is gone";
            case ALIVE -> "the process is alive";
            case UNKNOWN -> "whether the process lives could not be seen";
        };
        Eviction.Target open = Targets.withAct(target, Optional.empty());
        return new Judged(
                gone ? Targets.done(open) : open,
                liveness == ProcessControl.Liveness.ALIVE ? Outcome.FAILED : Outcome.UNKNOWN,
                signal.name(),
                "Berth was interrupted; " + seen,
                Optional.empty());
    }
}
