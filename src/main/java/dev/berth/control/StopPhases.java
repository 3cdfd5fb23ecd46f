package dev.berth.control;

import dev.berth.host.Signal;
import dev.berth.model.ProcessRef;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.Stop;
import dev.berth.plan.Policy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The phases of a stop: which signal each sends, how long it lasts, and how it is written down. */
final class StopPhases {
    /** SIGKILL works within milliseconds, except on a process that the kernel itself holds (state D). */
    static final Duration KILL_WAIT = Duration.ofSeconds(2);

    private final Supplier<String> ids;
    private final Supplier<Policy> policy;
    private final InstantSource clock;

    StopPhases(Supplier<String> ids, Supplier<Policy> policy, InstantSource clock) {
        this.ids = ids;
        this.policy = policy;
        this.clock = clock;
    }

    /** One that begins: with SIGKILL at once when forced. */
    Stop begun(Service service, String reason, Stop.Then then, boolean force, Instant now) {
        Stop.Phase phase = force ? Stop.Phase.KILLING : Stop.Phase.TERMINATING;
        return new Stop(
                reason, then, force, phase, now, now.plus(length(service, phase)), List.of(), Optional.of(ids.get()));
    }

    Signal signal(Service service, Stop stop) {
        return stop.phase() == Stop.Phase.KILLING
                ? Signal.SIGKILL
                : service.spec().stopSignal().map(Signal::valueOf).orElse(Signal.SIGTERM);
    }

    Duration length(Service service, Stop.Phase phase) {
        return phase == Stop.Phase.KILLING ? KILL_WAIT : policy.get().gracePeriod(service.spec());
    }

    /** The same in this phase, with the signals that are to be sent now written down. */
    Stop intended(Service service, Stop stop, Stop.Phase phase, List<ProcessRef> told) {
        return with(stop, phase, clock.instant().plus(length(service, phase)), told, Optional.of(ids.get()));
    }

    /** The same with its signals out: the phase lasts from now, as the clock may have been set since they were sent. */
    Stop told(Service service, Stop stop, List<ProcessRef> told) {
        return with(stop, stop.phase(), clock.instant().plus(length(service, stop.phase())), told, Optional.empty());
    }

    private static Stop with(
            Stop stop, Stop.Phase phase, Instant deadline, List<ProcessRef> told, Optional<String> act) {
        return new Stop(stop.reason(), stop.then(), stop.force(), phase, stop.startedAt(), deadline, told, act);
    }

    /** Has the stop come no further than this, by what is stored? */
    static boolean isAt(Run run, Stop stop) {
        return run.stop()
                .filter(stored -> stored.startedAt().equals(stop.startedAt())
                        && stored.phase() == stop.phase()
                        && stored.act().equals(stop.act()))
                .isPresent();
    }

    static Service with(Service service, Stop stop) {
        return service.withStatus(service.status()
                .with(
                        service.status().runOrNone().withStop(Optional.of(stop)),
                        service.status().process()));
    }
}
