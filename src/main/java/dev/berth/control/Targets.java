package dev.berth.control;

import dev.berth.host.Signal;
import dev.berth.model.ConflictAction;
import dev.berth.model.Eviction;
import dev.berth.model.Eviction.Target;
import dev.berth.model.Listener;
import dev.berth.model.Outcome;
import dev.berth.model.Ownership;
import dev.berth.model.ProcessRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Small changes of an eviction's targets, and what they amount to. */
final class Targets {
    private Targets() {}

    static Target withAct(Target target, Optional<String> act) {
        return new Target(
                target.process(),
                target.command(),
                target.parent(),
                target.respawner(),
                target.inodes(),
                target.signals(),
                act,
                target.gone(),
                target.uid());
    }

    static Target signalled(Target target, Signal signal) {
        List<String> signals = new ArrayList<>(target.signals());
        signals.add(signal.name());
        return new Target(
                target.process(),
                target.command(),
                target.parent(),
                target.respawner(),
                target.inodes(),
                signals,
                Optional.empty(),
                target.gone(),
                target.uid());
    }

    static Target done(Target target) {
        return new Target(
                target.process(),
                target.command(),
                target.parent(),
                target.respawner(),
                target.inodes(),
                target.signals(),
                Optional.empty(),
                true,
                target.uid());
    }

    static Target holding(Target target, Set<Long> inodes) {
        return new Target(
                target.process(),
                target.command(),
                target.parent(),
                target.respawner(),
                inodes,
                target.signals(),
                target.openAct(),
                target.gone(),
                target.uid());
    }

    /** The signal of the present phase. */
    static Signal signalOf(Eviction eviction) {
        return eviction.phase() == Eviction.Phase.KILLING ? Signal.SIGKILL : Signal.SIGTERM;
    }

    static boolean holds(Listener socket, ProcessRef process) {
        return socket.ownership() instanceof Ownership.Held held
                && held.holders().contains(process);
    }

    static List<Target> left(Eviction eviction) {
        return eviction.targets().stream().filter(target -> !target.gone()).toList();
    }

    /** For messages: {@code pid 12 (python3 -m http.server), pid 13 (…)}. */
    static String names(List<Target> targets) {
        return targets.stream()
                .map(target -> target.process() + " (" + target.command() + ")")
                .collect(Collectors.joining(", "));
    }

    /**
     * What was done to each target, for the caller who asked.
     *
     * @param free the port was seen free: that is what was wanted of each, also of one that still takes its time to end
     */
    static List<ConflictAction> actions(Eviction eviction, boolean free, Instant now) {
        return eviction.targets().stream()
                .map(target -> new ConflictAction(
                        "EvictHolders",
                        (target.signals().isEmpty() ? "no signal" : String.join(", ", target.signals())) + " to "
                                + names(List.of(target)),
                        eviction.startedAt(),
                        free || target.gone() ? Outcome.SUCCEEDED : Outcome.UNKNOWN,
                        Optional.of(Duration.between(eviction.startedAt(), now))))
                .toList();
    }
}
