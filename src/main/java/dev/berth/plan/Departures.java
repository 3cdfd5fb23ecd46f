package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ReturnHome;
import dev.berth.model.Run;
import dev.berth.model.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who gives up the port that it has, because it is being deleted or is declared to have another one: to a service that wants
 * that port it is not lost. Where several wait for each other's ports in a circle, they {@linkplain Exchange exchange} them.
 */
final class Departures {
    /**
     * How long after its grace period a service may still take to give its port back: SIGKILL, a look, a commit. One that
     * takes longer, because what it runs can't be ended, is a claim like any other.
     */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    /**
     * So long, and the other's grace period, a service without a port waits for one that another is to leave: its restart, and
     * what that waits for, which may never come. Longer than a port that is free besides is worth.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Service service;
    private final Collection<Service> services;
    private final Function<Service, Claims> claims;
    private final Instant now;
    private @Nullable Optional<List<Service>> circle;

    /**
     * @param services every declared one; what they say of {@code service} does not count
     * @param claims of others against a service
     */
    Departures(Service service, Collection<Service> services, Function<Service, Claims> claims, Instant now) {
        this.service = service;
        this.services = services;
        this.claims = claims;
        this.now = now;
    }

    /** Why its holder leaves the port within a short time; empty when it does not. */
    Optional<String> leaving(PortKey port, Service holder) {
        if (isBeingDeleted(holder)) {
            return Optional.of(
                    "port " + port + " is being given back by service " + holder.key() + ", which is being deleted");
        }
        if (isAtHome(holder)) {
            return Optional.empty();
        }
        // Its holder is one obstacle; whoever else has a right to it is one that stays.
        if (claims.apply(service).besides(port).isPresent()) {
            return Optional.empty();
        }
        Optional<List<Service>> circle = circle();
        if (circle.isPresent()) {
            return exchange(circle.orElseThrow()).map(Exchange::words);
        }
        boolean waits = service.assigned().isPresent()
                || !Exchange.says(holder, Exchange.HELD_UP) && !isWaitedForBy(holder) && !hasWaitedLong(holder);
        return isMoving(holder) && waits
                ? Optional.of("port " + port + " is being left by service " + holder.key()
                        + ", which is declared to have port "
                        + holder.spec().preferred().orElseThrow()
                        + heldUp(holder).map(Exchange::heldUpWords).orElse(""))
                : Optional.empty();
    }

    /** Who keeps the service from having the port that it prefers, because it can't be restarted to leave it. */
    Optional<Service> heldUp() {
        Optional<Exchange> exchange = exchange();
        return exchange.isPresent()
                ? exchange.orElseThrow().heldUp()
                : service.spec()
                        .preferred()
                        .flatMap(claims.apply(service)::assigned)
                        .flatMap(Departures::heldUp);
    }

    private static Optional<Service> heldUp(Service holder) {
        return Optional.of(holder)
                .filter(each -> Exchange.says(each, Exchange.HELD_UP)
                        || Exchange.says(each, Exchange.RESTART_WAITS)
                        || Exchange.says(each, Exchange.OTHER_HELD_UP));
    }

    private boolean isBeingDeleted(Service holder) {
        return holder.metadata()
                .deletionTimestamp()
                .filter(since -> isRecent(since, timeToLeave(holder)))
                .isPresent();
    }

    private static Duration timeToLeave(Service leaving) {
        return leaving.spec().gracePeriod().plus(MARGIN);
    }

    /** What lies far ahead was long ago too: the clock has been set back since. */
    private boolean isRecent(Instant at, Duration within) {
        return Duration.between(at, now).abs().compareTo(within) < 0;
    }

    /** Its holder can't be restarted before the service itself has started, elsewhere then. */
    private boolean isWaitedForBy(Service holder) {
        return Exchange.says(holder, Exchange.RESTART_WAITS) && Exchange.dependsOn(holder, service);
    }

    private boolean hasWaitedLong(Service holder) {
        return service.status()
                .condition(Condition.PORT_ASSIGNED)
                .filter(known -> known.status() == Condition.Status.FALSE
                        && !isRecent(known.lastTransitionTime(), PATIENCE.plus(timeToLeave(holder))))
                .isPresent();
    }

    /** The one that has moved from the port to another and whose process, still on it, is being ended or has just been. */
    Optional<Service> movedAway(PortKey port, Collection<ProcessFacts> holders, String installation) {
        return services.stream()
                .filter(other -> isEnding(other)
                        && !other.key().equals(service.key())
                        && !other.spec().isObserved()
                        && other.assigned().filter(port::equals).isEmpty()
                        && !holders.isEmpty()
                        && holders.stream()
                                .allMatch(process -> Kinship.isRecorded(other, process.ref(), Optional.of(process))
                                        || Kinship.isSameUser(other, process)
                                                && Kinship.isMarked(other, process, installation)))
                .findFirst();
    }

    private boolean isEnding(Service other) {
        Run run = other.status().runOrNone();
        return run.stop()
                .map(stop -> isRecent(stop.startedAt(), timeToLeave(other)))
                .orElseGet(() -> run.lastExit()
                        .filter(exit -> isRecent(exit.at(), MARGIN))
                        .isPresent());
    }

    private static boolean isAtHome(Service each) {
        return each.spec().preferred().isEmpty()
                || each.assigned().equals(each.spec().preferred());
    }

    /** Is the service on its way from the port that it has to the one that it prefers? */
    private static boolean isMoving(Service each) {
        return each.assigned().isPresent()
                && !isAtHome(each)
                && Claims.isWanted(each)
                && (each.metadata().generation() != each.status().observedGeneration() || isUndecided(each));
    }

    private static boolean isUndecided(Service each) {
        return each.status()
                .condition(Condition.HOME_FREE)
                .filter(known -> known.status() == Condition.Status.UNKNOWN)
                .isPresent();
    }

    /** The circle of services that each want the next one's port, and in which at least one is on its way. */
    Optional<Exchange> exchange() {
        return circle().flatMap(this::exchange);
    }

    private Optional<Exchange> exchange(List<Service> members) {
        boolean possible = members.stream().anyMatch(Departures::isMoving)
                && members.stream().allMatch(this::mayMove);
        return possible ? Optional.of(new Exchange(members)) : Optional.empty();
    }

    private boolean mayMove(Service member) {
        return Claims.isWanted(member)
                && !member.spec().isObserved()
                && (isMoving(member) || member.spec().returnHome() != ReturnHome.NEVER)
                && claims.apply(member)
                        .besides(member.spec().preferred().orElseThrow())
                        .isEmpty();
    }

    /** Whom Berth can't move, of those with whom the service would have to exchange ports. */
    Optional<Service> unmovable() {
        return circle().stream()
                .flatMap(List::stream)
                .filter(member -> member.spec().isObserved())
                .findFirst();
    }

    /** The service, the one that has the port that it prefers, and so on, until one prefers the port that the service has. */
    private Optional<List<Service>> circle() {
        Optional<List<Service>> found = circle;
        if (found == null) {
            found = findCircle();
            circle = found;
        }
        return found;
    }

    private Optional<List<Service>> findCircle() {
        Optional<PortKey> seat = service.assigned();
        if (seat.isEmpty() || isAtHome(service)) {
            return Optional.empty();
        }
        List<Service> members = new ArrayList<>();
        Optional<Service> next = Optional.of(service);
        while (next.isPresent() && !members.contains(next.orElseThrow())) {
            Service member = next.orElseThrow();
            members.add(member);
            Optional<PortKey> home =
                    isAtHome(member) ? Optional.empty() : member.spec().preferred();
            if (home.equals(seat)) {
                return Optional.of(members);
            }
            next = home.flatMap(claims.apply(member)::assigned)
                    .filter(other -> !other.key().equals(service.key()));
        }
        return Optional.empty();
    }
}
