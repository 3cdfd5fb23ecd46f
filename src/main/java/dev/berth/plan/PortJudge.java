package dev.berth.plan;

import dev.berth.model.Blockage;
import dev.berth.model.Condition;
import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.HolderKind;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tells how the service of one situation stands towards a port. */
final class PortJudge {
    /**
     * How long the search for a holder may go on before the holder counts as unknown. An observer finds one within a few
     * ticks; a process that can never be read must not hold up its port's service for ever.
     */
    static final Duration LONGEST_SEARCH = Duration.ofSeconds(5);

    /** The reason word while the search goes on; its condition's transition time tells since when. */
    static final String SEARCHING = "HolderSought";

    private final Situation situation;
    private final Service service;
    private final ListenerIndex index;
    private final Instant now;
    private final Patterns patterns;
    private final Protection protection;
    private final HolderView view;
    private final Claims claims;
    private final Departures departures;
    private final String installation;

    PortJudge(
            Situation situation,
            ListenerIndex index,
            Instant now,
            Patterns patterns,
            Protection protection,
            HolderView view,
            Claims claims,
            Departures departures) {
        this.situation = situation;
        this.service = situation.service();
        this.index = index;
        this.now = now;
        this.patterns = patterns;
        this.protection = protection;
        this.view = view;
        this.claims = claims;
        this.departures = departures;
        this.installation = situation.berth().installation();
    }

    /** Towards a port that the service would like to be given. */
    Standing wanting(PortKey port) {
        Optional<Claims.Claim> claim = claims.on(port);
        if (claim.isPresent()) {
            return claimed(port, claim.orElseThrow());
        }
        Sighting sighting = sighting(port);
        if (sighting.nobody()) {
            Blockage blockage = situation.blockages().get(port);
            return blockage == null ? new Standing.Free() : new Standing.Taken(view.of(blockage), sighting, false);
        }
        return leftBehind(sighting).orElseGet(() -> held(sighting, false));
    }

    /** By a service that has another port by now: within moments nobody is there. */
    private Optional<Standing> leftBehind(Sighting sighting) {
        return sighting.gap().isPresent()
                ? Optional.empty()
                : departures
                        .movedAway(sighting.port(), sighting.known(), installation)
                        .map(other -> new Standing.Leaving("port " + sighting.port() + " is still held by what service "
                                + other.key() + " ran there, which is being ended"));
    }

    /** Towards the port that the service has. Free means that nobody is there. */
    Standing having(PortKey port) {
        Sighting sighting = sighting(port);
        return sighting.nobody() ? new Standing.Free() : held(sighting, true);
    }

    private Sighting sighting(PortKey port) {
        return Sighting.of(index, port, service.spec().wantedHost());
    }

    private Standing claimed(PortKey port, Claims.Claim claim) {
        if (claim instanceof Claims.Claim.Declaration declaration) {
            Service other = declaration.other();
            Optional<String> leaving = declaration.hasIt() ? departures.leaving(port, other) : Optional.empty();
            if (leaving.isPresent()) {
                return new Standing.Leaving(leaving.orElseThrow());
            }
            String why = declaration.hasIt()
                    ? port + " is assigned to service " + other.key() + ", declared at "
                            + other.metadata().creationTimestamp() + notExchanged()
                    : "service " + other.key() + " was declared before it (at "
                            + other.metadata().creationTimestamp() + ") and prefers " + port + " too";
            return new Standing.Claimed(view.of(other, declaration.hasIt()), why);
        }
        var reservation = ((Claims.Claim.Reserved) claim).reservation();
        return new Standing.Claimed(
                view.of(reservation), port + " is reserved for " + reservation.holder() + ", not for this service");
    }

    private String notExchanged() {
        return departures
                .unmovable()
                .map(other -> "; they could exchange ports, but Berth does not run "
                        + (other.key().equals(service.key())
                                ? "this one"
                                : other.key().toString())
                        + " and so can't move it: stop it, and start it again when the other one has moved")
                .orElse("");
    }

    private Standing held(Sighting sighting, boolean assigned) {
        for (ProcessRef holder : sighting.holders()) {
            Optional<ProcessFacts> facts = facts(holder);
            if (Kinship.isRecorded(service, holder, facts)) {
                boolean assumed = facts.filter(known -> Kinship.isRecognized(service, known, patterns, installation))
                        .isEmpty();
                return new Standing.Own(holder, true, assumed, sharedWith(sighting));
            }
        }
        if (sighting.gap().isPresent()) {
            Sighting.Gap gap = sighting.gap().orElseThrow();
            return gap.passing() && isWorthWaiting(sighting.port(), assigned)
                    ? new Standing.Unclear(gap.reason())
                    : new Standing.Taken(view.of(sighting), sighting, false);
        }
        return identified(sighting, assigned);
    }

    private Standing identified(Sighting sighting, boolean assigned) {
        boolean oneUser = sighting.known().stream().allMatch(process -> Kinship.isSameUser(service, process));
        Optional<ProcessFacts> own = sighting.known().stream()
                .filter(process -> Kinship.isRecognized(service, process, patterns, installation))
                .findFirst();
        boolean adoptable = oneUser && sighting.known().stream().noneMatch(this::isBerthOrAbove);
        if (adoptable && own.isPresent()) {
            return service.spec().isObserved()
                    ? new Standing.Own(own.orElseThrow().ref(), false, false, Optional.empty())
                    : new Standing.Taken(view.of(sighting), sighting, isAllOfItsOwn(sighting));
        }
        if (assigned && adoptable && mayBeAssumed(sighting)) {
            return new Standing.Own(sighting.holders().get(0), false, true, Optional.empty());
        }
        return new Standing.Taken(view.of(sighting), sighting, false);
    }

    /** A stranger who shares the socket with a process of its own makes no stale process of both. */
    private boolean isAllOfItsOwn(Sighting sighting) {
        List<ProcessRef> own = sighting.known().stream()
                .filter(process -> Kinship.isRecognized(service, process, patterns, installation))
                .map(ProcessFacts::ref)
                .toList();
        return sighting.known().stream()
                .allMatch(process -> own.contains(process.ref()) || own.stream().anyMatch(process::descendsFrom));
    }

    /** A holder of another user beside its own. */
    private Optional<String> sharedWith(Sighting sighting) {
        return sighting.holders().size() == 1
                ? Optional.empty()
                : sighting.known().stream()
                        .filter(process -> !Kinship.isSameUser(service, process)
                                && !Kinship.isRecorded(service, process.ref(), Optional.of(process)))
                        .findFirst()
                        .map(Words::process);
    }

    private boolean mayBeAssumed(Sighting sighting) {
        return service.spec().isObserved()
                && service.spec().processPatterns().isEmpty()
                && view.of(sighting).service().isEmpty()
                && sighting.known().stream().noneMatch(process -> isFoe(process, sighting.port()));
    }

    /** Berth is nobody's process, and neither is what it runs under. */
    private boolean isBerthOrAbove(ProcessFacts process) {
        return protection
                .of(process)
                .filter(rule -> rule.name().equals("berth") || rule.name().equals("ancestor"))
                .isPresent();
    }

    /** Is it the kind of process that the port was contested with, or that was ended on it? */
    private boolean isFoe(ProcessFacts process, PortKey port) {
        String command = process.command();
        for (Conflict conflict : situation.conflicts()) {
            if (conflict.port().equals(port)
                    && (conflict.holder()
                                    .process()
                                    .filter(process.ref()::equals)
                                    .isPresent()
                            || conflict.holder()
                                    .command()
                                    .filter(command::equals)
                                    .isPresent())) {
                return true;
            }
        }
        Eviction eviction = situation.evictions().get(port);
        return (eviction != null
                        && eviction.targets().stream()
                                .anyMatch(target -> target.command().equals(command)))
                || situation.history().stream()
                        .anyMatch(past ->
                                past.port().equals(port) && past.command().equals(command));
    }

    private boolean searchedTooLong(boolean assigned) {
        String searched = assigned
                ? Condition.READY
                : service.assigned().isPresent() ? Condition.HOME_FREE : Condition.PORT_ASSIGNED;
        return service.status()
                .condition(searched)
                .filter(condition -> condition.status() == Condition.Status.UNKNOWN
                        && condition.reason().equals(SEARCHING)
                        && isOver(condition.lastTransitionTime()))
                .isPresent();
    }

    /** What lies further ahead was before the clock was set back, and long ago too. */
    private boolean isOver(Instant search) {
        Instant since = situation.berth().since();
        Instant begun = since.isAfter(search) && !since.isAfter(now) ? since : search;
        return Duration.between(begun, now).abs().compareTo(LONGEST_SEARCH) >= 0;
    }

    /**
     * May the search still tell? One that was given up stays given up while its conflict lasts, and one that comes up in a
     * contest with a known holder changes nothing about that contest; otherwise the service would waver.
     */
    private boolean isWorthWaiting(PortKey port, boolean assigned) {
        return situation.conflicts().stream()
                .filter(conflict -> conflict.port().equals(port))
                .findFirst()
                .map(conflict -> conflict.holder().kind() != HolderKind.UNKNOWN)
                .orElseGet(() -> !searchedTooLong(assigned));
    }

    private Optional<ProcessFacts> facts(ProcessRef process) {
        return Optional.ofNullable(situation.host().processes().get(process));
    }
}
