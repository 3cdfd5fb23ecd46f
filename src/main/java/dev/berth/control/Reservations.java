package dev.berth.control;

import dev.berth.host.HostObserver;
import dev.berth.host.ObservationException;
import dev.berth.host.ProcessControl;
import dev.berth.model.Caller;
import dev.berth.model.Fault;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Reservation;
import dev.berth.model.Reservation.Claim;
import dev.berth.model.Reservation.Enforcement;
import dev.berth.model.ReservationRequest;
import dev.berth.model.StoredObject;
import dev.berth.model.User;
import dev.berth.plan.Policy;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes wishes for ports and for what becomes of reservations. What is returned is on disk, and as far as the machine allows
 * at the socket. Of several callers who race for a port one gets it.
 */
public final class Reservations {
    /** Passes of the loop change a reservation's version as well; more concurrent changes than this are somebody's loop. */
    private static final int TRIES = 16;

    /** Of one user who is no administrator: a part of what Berth can hold, and a fraction of all ports. */
    static final int MOST_OF_ONE = Holds.MOST / 4;

    private final Registry registry;
    private final PortPicks picks;
    private final PortClaims claims;
    private final HostObserver observer;
    private final ProcessControl processes;
    private final Supplier<Policy> policy;
    private final Consumer<WorkKey> enqueue;
    private final InstantSource clock;

    Reservations(
            Registry registry,
            PortPicks picks,
            PortClaims claims,
            HostObserver observer,
            ProcessControl processes,
            Supplier<Policy> policy,
            Consumer<WorkKey> enqueue,
            InstantSource clock) {
        this.registry = registry;
        this.picks = picks;
        this.claims = claims;
        this.observer = observer;
        this.processes = processes;
        this.policy = policy;
        this.enqueue = enqueue;
        this.clock = clock;
    }

    /**
     * Reserves what is asked for: all of it, or nothing.
     *
     * @param dryRun say what would come of it
     */
    public Reserved reserve(ReservationRequest request, Caller caller, boolean dryRun)
            throws StoreException, StaleVersionException, ObservationException {
        return reserve(request, Optional.empty(), caller, dryRun);
    }

    /** @param stack the file that asks for it */
    public Reserved reserve(ReservationRequest request, Optional<String> stack, Caller caller, boolean dryRun)
            throws StoreException, StaleVersionException, ObservationException {
        long own = registry.reservations().stream()
                .filter(each -> each.owner().uid() == caller.user().uid())
                .count();
        if (!caller.administrator() && own + request.count() > MOST_OF_ONE) {
            return new Reserved.UsedUp(
                    "you have " + own + " reservations and ask for " + request.count() + ", and one user has at most "
                            + MOST_OF_ONE + "; release some, or ask for fewer",
                    List.of());
        }
        Optional<ProcessRef> process = Optional.empty();
        if (request.pid().isPresent()) {
            Named named = named(request.pid().getAsLong(), caller);
            if (named.fault().isPresent()) {
                return new Reserved.Invalid(named.fault().get());
            }
            process = named.process();
        }
        for (int tries = 1; ; tries++) {
            try {
                return tryReserve(request, process, stack, caller, dryRun);
            } catch (StaleVersionException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private Reserved tryReserve(
            ReservationRequest request,
            Optional<ProcessRef> process,
            Optional<String> stack,
            Caller caller,
            boolean dryRun)
            throws StoreException, StaleVersionException, ObservationException {
        Instant now = clock.instant();
        Function<PortKey, Reservation> template = port -> new Reservation(
                port,
                request.holder(),
                caller.user(),
                process,
                request.ttl(),
                request.ttl().map(now::plus),
                Enforcement.HELD,
                Optional.empty(),
                Optional.empty(),
                now,
                stack,
                caller.grant().map(Caller.Grant::id),
                0);
        Object claimant = new Object();
        boolean handedOver = false;
        Optional<PortPicks.Picked> picked = Optional.empty();
        try {
            PortPicks.Picked found =
                    picks.pick(request, template.apply(new PortKey(request.protocol(), 1)), policy.get(), claimant);
            picked = Optional.of(found);
            if (found.ports().size() < request.count()) {
                return usedUp(request, found);
            }
            List<Reservation> made = new ArrayList<>();
            found.ports().forEach((port, promise) -> made.add(enforced(template.apply(port), promise)));
            made.sort(Comparator.comparing(Reservation::port));
            return new Reserved.Made(dryRun ? made : stored(made, caller), found.warnings());
        } catch (StoreException inDoubt) {
            // Whether they are on disk is not known; the first one's pass finds out and gives the claims back.
            picked.flatMap(found -> found.ports().keySet().stream().findFirst()).ifPresent(port -> {
                claims.handOver(claimant, WorkKey.reservation(port));
                enqueue.accept(WorkKey.reservation(port));
            });
            handedOver = true;
            throw inDoubt;
        } finally {
            picked.ifPresent(picks::done);
            if (!handedOver) {
                claims.release(claimant);
            }
        }
    }

    private static Reservation enforced(Reservation reservation, Holds.Promise promise) {
        return promise == Holds.Promise.HELD
                ? reservation
                : reservation.enforced(Enforcement.ADVISORY, Optional.of("Berth does not hold it at the socket"));
    }

    private List<Reservation> stored(List<Reservation> made, Caller caller)
            throws StoreException, StaleVersionException {
        ChangeSet.Builder changes = ChangeSet.builder();
        for (Reservation each : made) {
            changes.put(each)
                    .audit(Audits.ofReservation(
                            clock.instant(), caller.actor(), Audits.PORT_RESERVED, each, "asked for"));
        }
        List<Reservation> stored = new ArrayList<>();
        for (StoredObject object : registry.commit(changes.build())) {
            stored.add((Reservation) object);
        }
        return stored;
    }

    private static Reserved usedUp(ReservationRequest request, PortPicks.Picked found) {
        List<Reserved.Obstacle> obstacles = new ArrayList<>();
        found.obstacles().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> obstacles.add(new Reserved.Obstacle(each.getKey(), each.getValue())));
        if (request.port().isPresent()) {
            return new Reserved.UsedUp(
                    obstacles.isEmpty()
                            ? "the port can't be had"
                            : obstacles.get(0).why(),
                    obstacles);
        }
        String range = request.range().map(Object::toString).orElse("the default range");
        return new Reserved.UsedUp(
                range + " is used up: " + found.ports().size() + " of " + request.count()
                        + " wanted ports are free, and " + obstacles.size() + " are taken",
                obstacles);
    }

    /** Puts the end of a reservation off, for its holder. */
    public LeaseAnswer renew(
            PortKey port,
            Optional<String> holder,
            Optional<Duration> ttl,
            OptionalLong pid,
            Caller caller,
            boolean dryRun)
            throws StoreException, StaleVersionException {
        return change(port, caller, dryRun, Audits.RESERVATION_RENEWED, reservation -> {
            Optional<String> other = holder.filter(name -> !name.equals(reservation.holder()));
            if (other.isPresent()) {
                return new LeaseAnswer.Conflicting(
                        "port " + port + " is reserved for " + reservation.describe() + ", not for " + other.get());
            }
            Optional<ProcessRef> process = reservation.process();
            if (pid.isPresent()) {
                Named named = named(pid.getAsLong(), caller);
                if (named.fault().isPresent()) {
                    return new LeaseAnswer.Invalid(named.fault().get());
                }
                process = named.process();
            }
            return new LeaseAnswer.Done(reservation.renewed(ttl.or(reservation::ttl), process, clock.instant()));
        });
    }

    /** Lets go of the port now, because its holder is about to bind it. */
    public LeaseAnswer claim(PortKey port, OptionalLong pid, Caller caller, boolean dryRun)
            throws StoreException, StaleVersionException {
        return change(port, caller, dryRun, Audits.RESERVATION_CLAIMED, reservation -> {
            Optional<ProcessRef> process = Optional.empty();
            if (pid.isPresent()) {
                Named named = named(pid.getAsLong(), caller);
                if (named.fault().isPresent()) {
                    return new LeaseAnswer.Invalid(named.fault().get());
                }
                process = named.process();
            }
            Optional<Claim> before = reservation.claim();
            if (before.flatMap(Claim::service).isPresent()) {
                return new LeaseAnswer.Conflicting("service " + before.get().by() + " has port " + port);
            }
            boolean others = before.flatMap(Claim::process)
                    .filter(claimant -> processes.liveness(claimant) != ProcessControl.Liveness.GONE)
                    .isPresent();
            if (others && !process.equals(before.flatMap(Claim::process))) {
                return new LeaseAnswer.Conflicting(
                        "port " + port + " was claimed by " + before.get().by() + ", which still runs");
            }
            if (others) {
                return new LeaseAnswer.Done(reservation);
            }
            Claim claim = new Claim(
                    process.map(ProcessRef::toString).orElse(reservation.holder()),
                    Optional.empty(),
                    process,
                    clock.instant());
            return new LeaseAnswer.Done(reservation
                    .claimed(Optional.of(claim))
                    .enforced(Enforcement.ADVISORY, Optional.of(claim.awaited())));
        });
    }

    /** Gives the port back. A service that has it keeps it. */
    public LeaseAnswer release(PortKey port, Caller caller, boolean dryRun)
            throws StoreException, StaleVersionException {
        return change(port, caller, dryRun, Audits.PORT_RELEASED, LeaseAnswer.Done::new);
    }

    private LeaseAnswer change(
            PortKey port, Caller caller, boolean dryRun, String action, Function<Reservation, LeaseAnswer> wish)
            throws StoreException, StaleVersionException {
        for (int tries = 1; ; tries++) {
            Optional<Reservation> found = registry.reservation(port);
            if (found.isEmpty()) {
                return new LeaseAnswer.NotFound();
            }
            Reservation before = found.get();
            if (!caller.mayChange(before)) {
                return new LeaseAnswer.Forbidden("port " + port + " is reserved for " + before.describe()
                        + ": only who reserved it, or an administrator, changes that");
            }
            LeaseAnswer answer = wish.apply(before);
            if (!(answer instanceof LeaseAnswer.Done done) || dryRun) {
                return answer;
            }
            boolean release = action.equals(Audits.PORT_RELEASED);
            if (!release && done.reservation().equals(before)) {
                return answer;
            }
            try {
                ChangeSet.Builder changes = ChangeSet.builder();
                if (release) {
                    changes.delete(before);
                } else {
                    changes.put(done.reservation());
                }
                List<StoredObject> stored = registry.commit(changes.audit(Audits.ofReservation(
                                clock.instant(), caller.actor(), action, done.reservation(), "asked for"))
                        .build());
                return release ? answer : new LeaseAnswer.Done((Reservation) stored.get(0));
            } catch (StaleVersionException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** @param fault why the process can't be named */
    private record Named(Optional<ProcessRef> process, Optional<Fault> fault) {}

    private Named named(long pid, Caller caller) {
        Optional<ProcessFacts> facts = observer.identify(pid).flatMap(observer::describe);
        if (facts.isEmpty()) {
            return new Named(
                    Optional.empty(),
                    Optional.of(new Fault("pid", "there is no such process, or it can't be seen", Long.toString(pid))));
        }
        User user = facts.get().user();
        if (!caller.administrator() && user.uid() != caller.user().uid()) {
            return new Named(
                    Optional.empty(),
                    Optional.of(new Fault("pid", "the process is " + user.display() + "'s", Long.toString(pid))));
        }
        return new Named(Optional.of(facts.get().ref()), Optional.empty());
    }
}
