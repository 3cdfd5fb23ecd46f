package dev.berth.control;

import dev.berth.model.Caller;
import dev.berth.model.Metadata;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceStatus;
import dev.berth.model.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What a declaration makes of a service. Pure. */
final class Wishes {
    private Wishes() {}

    private static final Set<String> ORIGIN = Set.of(Caller.DECLARED_BY, Caller.LIMITED_TO_OWN);

    /**
     * A service that did not exist.
     *
     * @param origin the annotations that say by which token it was declared
     */
    static Service created(Declaration declaration, User owner, Map<String, String> origin, Instant at, String uid) {
        return new Service(
                new Metadata(
                        declaration.key().namespace(),
                        declaration.key().name(),
                        uid,
                        declaration.labels(),
                        withOrigin(declaration.annotations(), origin),
                        owner,
                        List.of(),
                        1,
                        0,
                        at,
                        Optional.empty()),
                declaration.spec(),
                ServiceStatus.unseen());
    }

    /** Those that say by which token a service was declared. */
    static Map<String, String> origin(Service service) {
        Map<String, String> origin = new LinkedHashMap<>(service.metadata().annotations());
        origin.keySet().retainAll(ORIGIN);
        return origin;
    }

    /** Which token declared it first is Berth's word alone: a token may end what is its own. */
    private static Map<String, String> withOrigin(Map<String, String> annotations, Map<String, String> origin) {
        Map<String, String> own = new LinkedHashMap<>(annotations);
        own.keySet().removeAll(ORIGIN);
        own.putAll(origin);
        return own;
    }

    /** The service as declared now; equal to what it was when nothing is different. */
    static Service changed(Service existing, Declaration declaration) {
        Metadata before = existing.metadata();
        Map<String, String> annotations = new LinkedHashMap<>(declaration.annotations());
        // Berth's own notes on a service stay, whoever declares it anew.
        before.annotations().forEach((name, value) -> {
            if (name.startsWith("berth.dev/")) {
                annotations.putIfAbsent(name, value);
            }
        });
        boolean otherSpec = !existing.spec().equals(declaration.spec());
        Metadata metadata = new Metadata(
                before.namespace(),
                before.name(),
                before.uid(),
                declaration.labels(),
                withOrigin(annotations, origin(existing)),
                before.owner(),
                before.finalizers(),
                otherSpec ? before.generation() + 1 : before.generation(),
                before.resourceVersion(),
                before.creationTimestamp(),
                // Declared anew while it is being deleted: it stays.
                Optional.empty());
        return new Service(metadata, declaration.spec(), kept(existing, declaration));
    }

    /**
     * What was seen of the service holds under the new declaration too, but for its port when the protocol is another one:
     * the same number means another port then, which may be somebody else's. What Berth itself has started it goes on
     * answering for, whatever port it will have.
     */
    private static ServiceStatus kept(Service existing, Declaration declaration) {
        ServiceStatus status = existing.status();
        boolean started = status.runOrNone().launch().isPresent()
                || status.runOrNone().stop().isPresent();
        return existing.spec().protocol() == declaration.spec().protocol()
                ? status
                : new ServiceStatus(
                        status.state(),
                        OptionalInt.empty(),
                        started ? status.process() : Optional.empty(),
                        status.restarts(),
                        status.observedGeneration(),
                        status.conditions(),
                        status.run());
    }

    /** In words, for the audit log. Values of the environment stay out of it. */
    static String difference(Service before, Service after) {
        ServiceSpec old = before.spec();
        ServiceSpec now = after.spec();
        List<String> words = new ArrayList<>();
        if (!old.preferred().equals(now.preferred())) {
            words.add("port " + text(old) + " → " + text(now));
        }
        if (old.running() != now.running()) {
            words.add("running " + old.running() + " → " + now.running());
        }
        if (!old.alternativePorts().equals(now.alternativePorts())) {
            words.add("alternativePorts " + old.alternativePorts() + " → " + now.alternativePorts());
        }
        if (!old.strategy().equals(now.strategy())) {
            words.add("strategy " + old.strategy().orElse("default") + " → "
                    + now.strategy().orElse("default"));
        }
        if (words.isEmpty()) {
            words.add(old.equals(now) ? "labels or annotations changed" : "spec changed");
        }
        return String.join(", ", words);
    }

    private static String text(ServiceSpec spec) {
        return spec.preferred().map(Object::toString).orElse("any");
    }
}
