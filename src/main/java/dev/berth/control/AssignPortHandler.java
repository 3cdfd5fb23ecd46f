package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.Blockage;
import dev.berth.model.Conflict;
import dev.berth.model.ConflictAction;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Outcome;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.plan.Action;
import dev.berth.plan.Addresses;
import dev.berth.store.Registry;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * Gives a service a port, if it can really be had at this moment: claimed against every other pass, nobody else's by the
 * registry, and bindable, unless the service's own process is what holds it.
 */
final class AssignPortHandler {
    private final Registry registry;
    private final PortClaims claims;
    private final Blockages blockages;
    private final Looks looks;
    private final LongSupplier ticker;
    private final DecisionLog log;

    AssignPortHandler(
            Registry registry,
            PortClaims claims,
            Blockages blockages,
            Looks looks,
            LongSupplier ticker,
            DecisionLog log) {
        this.registry = registry;
        this.claims = claims;
        this.blockages = blockages;
        this.looks = looks;
        this.ticker = ticker;
        this.log = log;
    }

    /** @return why it can't be had; empty when the draft gives it */
    Optional<String> handle(Action.AssignPort action, ServiceDraft draft) throws ObservationException {
        long begun = ticker.getAsLong();
        PortKey port = action.port();
        Service service = draft.service();
        if (!claims.claim(port, draft.claimant())) {
            return Optional.of("port " + port + " is being given to another service");
        }
        Optional<String> obstacle = registered(port, service);
        if (obstacle.isEmpty() && !isHeldByOwn(action, draft)) {
            obstacle = unbindable(port, service.spec().wantedHost());
        }
        if (obstacle.isPresent()) {
            return obstacle;
        }
        Optional<Conflict> contest = draft.contest();
        OptionalInt before = draft.port();
        String detail = before.isPresent() && before.getAsInt() != port.port()
                ? new PortKey(port.protocol(), before.getAsInt()) + " → " + port
                : contest.map(Conflict::port)
                        .filter(contested -> !contested.equals(port))
                        .map(contested -> contested + " → " + port)
                        .orElse(port.toString());
        draft.port(OptionalInt.of(port.port()));
        draft.audit(Audits.PORT_ASSIGNED, action.reason(), detail, contest);
        contest.ifPresent(conflict -> draft.conflict(conflict.withAction(new ConflictAction(
                "AssignPort",
                detail,
                draft.now(),
                Outcome.SUCCEEDED,
                Optional.of(Duration.ofNanos(ticker.getAsLong() - begun))))));
        draft.afterCommit(() ->
                log.decided(contest.map(Conflict::id), service.key() + " has port " + port + ": " + action.reason()));
        return Optional.empty();
    }

    private Optional<String> registered(PortKey port, Service service) {
        OptionalInt number = OptionalInt.of(port.port());
        for (Service other : registry.services()) {
            // The number first: of hundreds of services one has it, if any.
            if (other.status().port().equals(number)
                    && other.assigned().filter(port::equals).isPresent()
                    && !other.key().equals(service.key())) {
                return Optional.of("port " + port + " was given to " + other.key() + " meanwhile");
            }
        }
        return registry.reservation(port)
                .filter(reservation -> !reservation.isFor(service))
                .map(reservation -> "port " + port + " was reserved for " + reservation.holder() + " meanwhile");
    }

    private static boolean isHeldByOwn(Action.AssignPort action, ServiceDraft draft) {
        return action.how() == Action.Assignment.ADOPTED
                || draft.plan().actions().stream()
                        .anyMatch(other -> other instanceof Action.AdoptProcess adopt
                                && adopt.port().equals(action.port()))
                || draft.service()
                        .status()
                        .process()
                        .filter(process -> draft.situation().host().on(action.port()).stream()
                                .anyMatch(socket -> Targets.holds(socket, process)))
                        .isPresent();
    }

    private Optional<String> unbindable(PortKey port, String host) throws ObservationException {
        Optional<Blockage> blockage = blockages.tryBind(port, host);
        if (blockage.isEmpty()) {
            return Optional.empty();
        }
        HostSnapshot fresh = looks.inspect(port);
        if (fresh.on(port).stream().anyMatch(listener -> Addresses.collides(host, listener))) {
            // Not blocked but taken: somebody came between the look and the bind.
            blockages.forget(port);
            return Optional.of("port " + port + " was taken meanwhile");
        }
        return Optional.of(blockage.get().explanation());
    }
}
