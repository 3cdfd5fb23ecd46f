package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.Dependency;
import dev.berth.model.Instances;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** In which order services start and stop. */
public final class Dependencies {
    /**
     * A service that was declared this long ago and still not judged is in trouble of its own: it holds up nobody's start
     * any longer.
     */
    private static final Duration LONGEST_JUDGING = Duration.ofSeconds(10);

    private final Service service;
    private final List<Service> services;
    private final Instant now;

    Dependencies(Service service, List<Service> services, Instant now) {
        this.service = service;
        this.services = services;
        this.now = now;
    }

    /**
     * Something that has to happen first.
     *
     * @param hopeless it won't by itself
     */
    record Missing(String reason, boolean hopeless) {}

    /** What its start waits for; empty when nothing. */
    Optional<Missing> beforeStart() {
        for (Dependency dependency : service.spec().dependsOn()) {
            Optional<Missing> missing = missing(dependency);
            if (missing.isPresent()) {
                return missing;
            }
        }
        return Optional.empty();
    }

    private Optional<Missing> missing(Dependency dependency) {
        ServiceKey key = new ServiceKey(service.key().namespace(), dependency.service());
        Optional<Service> found =
                services.stream().filter(each -> each.key().equals(key)).findFirst();
        if (found.isEmpty()) {
            return Optional.of(new Missing("it depends on " + dependency.service() + ", which is not declared", true));
        }
        Service other = found.orElseThrow();
        boolean healthy = dependency.condition() == Dependency.Until.HEALTHY;
        Instances instances = instances(other);
        if (instances.are(healthy || other.spec().isObserved() ? Condition.READY : Condition.STARTED)) {
            return Optional.empty();
        }
        boolean hopeless = !Claims.isWanted(other)
                || instances.all().stream()
                        .map(each -> each.status().state())
                        .anyMatch(state -> state == ServiceState.FAILED || state == ServiceState.BLOCKED);
        return Optional.of(new Missing(
                "waits until " + dependency.service() + " is " + (healthy ? "healthy" : "started") + "; now: "
                        + says(instances, healthy ? Condition.READY : Condition.STARTED),
                hopeless));
    }

    /** Looking for replicas that can't be there costs a walk through all services. */
    private Instances instances(Service other) {
        return other.spec().replicas() == 1 ? new Instances(other, List.of()) : Instances.of(other, services);
    }

    /** Of another user's service only what programs are told: its messages may quote what it wrote. */
    private String says(Instances instances, String condition) {
        Service telling = instances.without(condition).stream().findFirst().orElse(instances.first());
        if (Instances.is(telling, Condition.WAITING)) {
            return "it waits for others itself";
        }
        return (telling.key().isReplica() ? telling.key().name() + ": " : "")
                + telling.status()
                        .condition(condition)
                        .or(() -> telling.status().condition(Condition.READY))
                        .map(isOfSameOwner(telling) ? Condition::message : Condition::reason)
                        .orElse("it was not looked at yet");
    }

    private boolean isOfSameOwner(Service other) {
        return other.metadata().owner().uid() == service.metadata().owner().uid();
    }

    /** A service whose ports are not given yet: nothing starts before all of them are. */
    Optional<Service> unjudged() {
        return services.stream()
                .filter(other -> other.status().observedGeneration() == 0
                        && !other.key().equals(service.key())
                        && Claims.isWanted(other)
                        && now.isBefore(other.metadata().creationTimestamp().plus(LONGEST_JUDGING)))
                .findFirst();
    }

    /** One that depends on it, is to stop too and still runs: it goes first. */
    Optional<Service> dependantToStop(boolean everything) {
        String namespace = service.metadata().namespace();
        String name = service.key().origin().name();
        // A loop, the cheapest question first: asked of every service for each that stops.
        for (Service other : services) {
            if (!other.spec().dependsOn().isEmpty()
                    && other.metadata().namespace().equals(namespace)
                    && dependsOn(other, name)
                    && (everything || !Claims.isWanted(other))
                    && !other.spec().isObserved()
                    && other.status().isUp()) {
                return Optional.of(other);
            }
        }
        return Optional.empty();
    }

    /** Is there one that starts when this one has come so far? */
    public static boolean isAwaited(Service service, List<Service> all) {
        String namespace = service.metadata().namespace();
        String name = service.key().origin().name();
        for (Service other : all) {
            if (!other.spec().dependsOn().isEmpty()
                    && other.metadata().namespace().equals(namespace)
                    && dependsOn(other, name)
                    && Claims.isWanted(other)
                    && !other.status().isUp()) {
                return true;
            }
        }
        return false;
    }

    private static boolean dependsOn(Service other, String name) {
        for (Dependency each : other.spec().dependsOn()) {
            if (each.service().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
