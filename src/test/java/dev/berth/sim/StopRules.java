package dev.berth.sim;

import dev.berth.host.Signal;
import dev.berth.model.AuditEntry;
import dev.berth.model.Launch;
import dev.berth.model.RestartRequest;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Judges signals to a service's own processes: only its family, only with a stored intent, and SIGKILL only in its time. */
final class StopRules {
    private final Ledger ledger;
    private final Machine machine;
    private final VirtualTime time;
    private final LongSupplier lives;
    private final Map<ServiceKey, Begun> begun = new TreeMap<>();

    /**
     * A stop as it was first stored.
     *
     * @param at monotonic nanoseconds
     * @param grace the shortest that was declared since
     * @param life which of Berth's it was
     */
    private record Begun(Instant startedAt, long at, Duration grace, long life, long jumps) {}

    /** @param lives how often Berth was started */
    StopRules(Ledger ledger, Machine machine, VirtualTime time, LongSupplier lives) {
        this.ledger = ledger;
        this.machine = machine;
        this.time = time;
        this.lives = lives;
    }

    /** What is stored of a service's stop. */
    void changed(Service service) {
        Optional<Stop> stop = service.status().runOrNone().stop();
        if (stop.isEmpty()) {
            begun.remove(service.key());
            return;
        }
        Duration grace = service.spec().gracePeriod();
        Begun known = begun.get(service.key());
        if (known == null) {
            mayBegin(service, stop.orElseThrow());
        }
        if (known == null || !known.startedAt().equals(stop.orElseThrow().startedAt())) {
            begun.put(
                    service.key(),
                    new Begun(
                            stop.orElseThrow().startedAt(), time.monotonic(), grace, lives.getAsLong(), time.jumps()));
        } else if (grace.compareTo(known.grace()) < 0) {
            begun.put(service.key(), new Begun(known.startedAt(), known.at(), grace, known.life(), known.jumps()));
        }
    }

    /** What runs is ended only for a start that can be made, unless somebody insists. */
    private void mayBegin(Service service, Stop stop) {
        boolean hopeless = service.spec()
                .command()
                .map(ServicePrograms::word)
                .filter(machine.missing::contains)
                .isPresent();
        if (stop.then() == Stop.Then.START && !stop.force() && hopeless) {
            throw new Violation(
                    service.key() + " is ended to be started anew, and its program is not there: " + stop.reason());
        }
    }

    /** The service whose stored stop speaks of this process; empty when there is none. */
    Optional<Service> intent(SimProcess process) {
        return ledger.services()
                .filter(service -> service.status()
                        .runOrNone()
                        .stop()
                        .flatMap(Stop::act)
                        .flatMap(ledger::openAct)
                        .filter(entry -> names(entry, service))
                        .isPresent())
                .filter(service -> isFamily(process, service))
                .findFirst();
    }

    private static boolean names(AuditEntry entry, Service service) {
        return entry.action().equals("ProcessSignalled")
                && entry.service().equals(Optional.of(service.key()))
                && entry.target().kind().equals("Service");
    }

    /** Is it what the service's launch became, by what only the machine knows? */
    private static boolean isFamily(SimProcess process, Service service) {
        Run run = service.status().runOrNone();
        Optional<String> launch = run.launch().map(Launch::id);
        boolean marked = launch.isPresent() && process.launch.equals(launch);
        boolean othersLaunch = launch.isPresent() && process.launch.isPresent() && !marked;
        boolean below = service.status()
                .process()
                .filter(leader -> process.ref.equals(leader)
                        || process.isBornBelow(leader)
                        || process.sessionMaker
                                .filter(maker -> maker.ref.equals(leader))
                                .isPresent())
                .isPresent();
        return marked || (below && !othersLaunch);
    }

    void judge(SimProcess process, Signal signal, Service service) {
        Stop stop = service.status().runOrNone().stop().orElseThrow();
        boolean hurried = service.status()
                .runOrNone()
                .request()
                .filter(RestartRequest::force)
                .isPresent();
        if (signal != Signal.SIGKILL || stop.force() || hurried) {
            return;
        }
        Begun since = begun.get(service.key());
        if (since.life() != lives.getAsLong() && since.jumps() != time.jumps()) {
            // Nobody can know how long it was when Berth was not there and the clock was set meanwhile.
            return;
        }
        Duration waited = Duration.ofNanos(time.monotonic() - since.at());
        if (waited.compareTo(since.grace()) < 0) {
            throw new Violation("SIGKILL to " + process + " of " + service.key() + " after " + waited.toMillis()
                    + " ms, with a grace period of " + since.grace().toMillis() + " ms");
        }
    }
}
