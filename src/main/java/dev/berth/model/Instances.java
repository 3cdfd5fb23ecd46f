package dev.berth.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A service with all that runs for it, and what is true of them together.
 *
 * @param first the service as it is declared, which is instance 0
 * @param replicas its further instances, by number; those that are on their way out are among them
 */
public record Instances(Service first, List<Service> replicas) {
    public Instances {
        replicas = List.copyOf(replicas);
    }

    /** @param all services among which its replicas are, if it has any */
    public static Instances of(Service first, Collection<Service> all) {
        // Asked of every service for each that is shown, so no key is made of those that it is not.
        String namespace = first.metadata().namespace();
        String prefix = first.key().replicaPrefix();
        List<Service> replicas = new ArrayList<>();
        for (Service each : all) {
            if (each.metadata().name().startsWith(prefix)
                    && each.metadata().namespace().equals(namespace)) {
                replicas.add(each);
            }
        }
        replicas.sort(Comparator.comparingInt(each -> each.key().instance()));
        return new Instances(first, replicas);
    }

    /** By number. */
    public List<Service> all() {
        return Stream.concat(Stream.of(first), replicas.stream()).toList();
    }

    /** Those that are to stay: how the service is hangs on them. */
    public List<Service> lasting() {
        return all().stream()
                .filter(each -> each.metadata().deletionTimestamp().isEmpty()
                        && each.key().instance() < first.spec().replicas())
                .toList();
    }

    private boolean isComplete() {
        return lasting().size() >= first.spec().replicas();
    }

    /** Those that are to stay and of which this is not true, one after the other. */
    public List<Service> without(String condition) {
        return lasting().stream().filter(each -> !is(each, condition)).toList();
    }

    /** Are all there, and is this true of each? */
    public boolean are(String condition) {
        return isComplete() && without(condition).isEmpty();
    }

    /** Is this condition of the one instance true? */
    public static boolean is(Service service, String condition) {
        return service.status()
                .condition(condition)
                .filter(known -> known.status() == Condition.Status.TRUE)
                .isPresent();
    }

    /** The worst of them; {@link ServiceState#DEGRADED} when some serve and others can't. */
    public ServiceState state() {
        if (first.metadata().deletionTimestamp().isPresent() && !replicas.isEmpty()) {
            return ServiceState.STOPPING;
        }
        List<ServiceState> states =
                lasting().stream().map(each -> each.status().state()).distinct().toList();
        if (replicas.isEmpty() && first.spec().replicas() == 1 || states.isEmpty()) {
            return first.status().state();
        }
        boolean some = states.contains(ServiceState.RUNNING) || states.contains(ServiceState.DEGRADED);
        boolean failing = states.stream().anyMatch(Instances::cannotServe);
        if (some && failing) {
            return ServiceState.DEGRADED;
        }
        ServiceState worst = states.stream()
                .max(Comparator.comparingInt(Instances::badness))
                .orElse(first.status().state());
        return worst == ServiceState.RUNNING && !isComplete() ? ServiceState.STARTING : worst;
    }

    private static boolean cannotServe(ServiceState state) {
        return state == ServiceState.FAILED || state == ServiceState.BLOCKED || state == ServiceState.STOPPED;
    }

    private static int badness(ServiceState state) {
        return switch (state) {
            case RUNNING -> 0;
            case STOPPED -> 1;
            case PENDING -> 2;
            case STARTING -> 3;
            case STOPPING -> 4;
            case DEGRADED -> 5;
            case BLOCKED -> 6;
            case FAILED -> 7;
        };
    }

    /** How many are ready, and what keeps the others: {@code 2 of 3 ready: web.1 is starting}. */
    public String readiness() {
        List<Service> unready = without(Condition.READY);
        int wanted = first.spec().replicas();
        int ready = lasting().size() - unready.size();
        String why = unready.isEmpty()
                ? isComplete() ? "" : ": the others are being made"
                : ": "
                        + unready.get(0).key().name() + " is "
                        + unready.get(0).status().state().name().toLowerCase(Locale.ROOT);
        return ready + " of " + wanted + " ready" + why;
    }

    /** The condition {@code Ready} of all together: true only when each of them is. */
    public Optional<Condition> ready() {
        Optional<Condition> own = first.status().condition(Condition.READY);
        if (first.spec().replicas() == 1 || own.isEmpty()) {
            return own;
        }
        List<Condition> all = lasting().stream()
                .flatMap(each -> each.status().condition(Condition.READY).stream())
                .toList();
        List<Condition> unready = all.stream()
                .filter(each -> each.status() != Condition.Status.TRUE)
                .toList();
        List<Condition> telling = unready.isEmpty() ? all : unready;
        if (telling.isEmpty()) {
            return own;
        }
        Instant since = telling.stream()
                .map(Condition::lastTransitionTime)
                .max(Comparator.naturalOrder())
                .orElse(telling.get(0).lastTransitionTime());
        Condition.Status status = are(Condition.READY) ? Condition.Status.TRUE : Condition.Status.FALSE;
        boolean making = unready.isEmpty() && status == Condition.Status.FALSE;
        return Optional.of(new Condition(
                Condition.READY,
                status,
                making ? "ReplicasMissing" : telling.get(0).reason(),
                readiness() + (making ? "" : "; " + telling.get(0).message()),
                since));
    }
}
