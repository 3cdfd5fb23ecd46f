package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.Instances;
import dev.berth.model.RestartRequest;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceStatus;
import dev.berth.model.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The order among the instances of one service in a restart: each waits until the one before it is ready again, so that the
 * others serve meanwhile. In a forced one they stop one after the other, and none starts before all have stopped and what they
 * held is free.
 */
final class Siblings {
    /** Ending by force takes two seconds at most; one that was asked for longer ago can't be restarted now and holds up nobody. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Service service;
    private final List<Service> services;
    private final Instant now;

    Siblings(Service service, List<Service> services, Instant now) {
        this.service = service;
        this.services = services;
        this.now = now;
    }

    /** How many of all instances are ready once this one, the first, is as its plan says. */
    Condition readiness(Plan plan) {
        ServiceStatus before = service.status();
        ServiceStatus after = new ServiceStatus(
                plan.state(),
                before.port(),
                before.process(),
                before.restarts(),
                before.observedGeneration(),
                plan.conditions(),
                before.run());
        Instances instances = Instances.of(service.withStatus(after), services);
        boolean ready = instances.are(Condition.READY);
        return new Condition(
                Condition.REPLICAS_READY,
                ready ? Condition.Status.TRUE : Condition.Status.FALSE,
                ready ? "AllReady" : "SomeNotReady",
                instances.readiness(),
                now);
    }

    /** One that is restarted before this one, or is not ready since; empty where this one does not serve either. */
    Optional<Service> restartingBefore() {
        return isAlone() || !Instances.is(service, Condition.READY)
                ? Optional.empty()
                : services.stream()
                        .filter(each -> isSibling(each)
                                && each.key().instance() < service.key().instance()
                                && Claims.isWanted(each)
                                && !isRestarted(each))
                        .min(Comparator.comparingInt(each -> each.key().instance()));
    }

    /** It runs as it is declared now, and serves. */
    private static boolean isRestarted(Service sibling) {
        Run run = sibling.status().runOrNone();
        return run.request().isEmpty()
                && sibling.status().observedGeneration() == sibling.metadata().generation()
                && run.launch()
                        .filter(launch ->
                                !launch.fingerprint().equals(Fingerprint.of(sibling.spec(), sibling.assigned())))
                        .isEmpty()
                && Instances.is(sibling, Condition.READY);
    }

    private boolean isAlone() {
        return !service.key().isReplica() && service.spec().replicas() == 1;
    }

    private boolean isSibling(Service each) {
        return each.key().origin().equals(service.key().origin()) && !each.key().equals(service.key());
    }

    /** One that stops before this one. */
    Optional<Service> stoppingBefore() {
        return stopping().filter(each -> each.key().instance() < service.key().instance());
    }

    /** One that has to stop before this one starts. */
    Optional<Service> stopping() {
        return isAlone()
                ? Optional.empty()
                : services.stream()
                        .filter(each -> isSibling(each) && isToStop(each))
                        .findFirst();
    }

    private boolean isToStop(Service sibling) {
        Run run = sibling.status().runOrNone();
        boolean asked = run.request()
                .filter(RestartRequest::force)
                .filter(request -> now.isBefore(request.at().plus(PATIENCE)))
                .isPresent();
        boolean begun = run.stop()
                .filter(stop -> stop.force() && stop.then() == Stop.Then.START)
                .isPresent();
        return sibling.status().process().isPresent() && (asked || begun);
    }
}
