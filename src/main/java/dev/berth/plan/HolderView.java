package dev.berth.plan;

import dev.berth.model.Blockage;
import dev.berth.model.ConflictHolder;
import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Says who has a port, laying what is declared over what the host tells of a process. */
final class HolderView {
    private final Optional<Service> service;
    private final List<Service> services;
    private final Patterns patterns;
    private final String installation;

    /** @param services every declared one; what they say of {@code service} does not count */
    HolderView(Service service, List<Service> services, Patterns patterns, String installation) {
        this.service = Optional.of(service);
        this.services = services;
        this.patterns = patterns;
        this.installation = installation;
    }

    /** As somebody sees it who asks for no service in particular. */
    HolderView(List<Service> all, Patterns patterns, String installation) {
        this.service = Optional.empty();
        this.services = all;
        this.patterns = patterns;
        this.installation = installation;
    }

    /** The holders of a port that was seen in use. */
    ConflictHolder of(Sighting sighting) {
        Optional<ProcessFacts> topmost = sighting.topmost();
        if (topmost.isEmpty() || sighting.gap().isPresent()) {
            return unknown(sighting);
        }
        ProcessFacts process = topmost.orElseThrow();
        Origin origin = process.origin();
        Optional<ServiceKey> marked = declared(process, true);
        Optional<ServiceKey> matched = marked.or(() -> declared(process, false));
        HolderKind kind = marked.isPresent()
                ? HolderKind.MANAGED
                : matched.isPresent() ? HolderKind.DECLARED : withoutClaim(origin.kind());
        return new ConflictHolder(
                kind,
                Optional.of(process.ref()),
                Optional.of(process.user()),
                Optional.of(process.command()),
                Optional.of(process.startedAt()),
                origin.unit(),
                origin.container(),
                origin.respawner(),
                matched,
                describe(process, origin, matched, sighting.holders().size()));
    }

    /** Marked, but for a service that is not declared (any more): a process like any other. */
    private static HolderKind withoutClaim(HolderKind seen) {
        return seen == HolderKind.MANAGED || seen == HolderKind.DECLARED ? HolderKind.FOREIGN : seen;
    }

    private Optional<ServiceKey> declared(ProcessFacts process, boolean byIdentity) {
        return Stream.concat(service.stream(), services.stream().filter(each -> !isSelf(each.key())))
                .filter(each -> byIdentity
                        ? Kinship.isRecorded(each, process.ref(), Optional.of(process))
                                || (Kinship.isSameUser(each, process) && Kinship.isMarked(each, process, installation))
                        : Kinship.isRecognized(each, process, patterns, installation))
                .map(Service::key)
                .min(this::ownFirst);
    }

    /** Several may match: then the service itself, else by name, so that the answer does not hang on an order. */
    private int ownFirst(ServiceKey left, ServiceKey right) {
        boolean leftOwn = isSelf(left);
        boolean rightOwn = isSelf(right);
        return leftOwn == rightOwn ? left.compareTo(right) : leftOwn ? -1 : 1;
    }

    private boolean isSelf(ServiceKey key) {
        return service.filter(each -> each.key().equals(key)).isPresent();
    }

    private String describe(ProcessFacts process, Origin origin, Optional<ServiceKey> of, int holders) {
        StringBuilder text = new StringBuilder(Words.process(process));
        if (holders > 1) {
            text.append(" and ").append(holders - 1).append(" more with the same port");
        }
        of.ifPresent(key -> text.append(isSelf(key) ? ", its own but not the recorded one" : ", of service " + key));
        origin.unit().ifPresent(unit -> text.append(", of unit ").append(unit));
        origin.container().ifPresent(container -> text.append(", of container ").append(container));
        origin.respawner().ifPresent(respawner -> text.append(", restarted by ").append(respawner));
        return text.toString();
    }

    private static ConflictHolder unknown(Sighting sighting) {
        boolean passing = sighting.gap().filter(Sighting.Gap::passing).isPresent();
        String reason = sighting.gap().map(Sighting.Gap::reason).orElse("no holder was seen");
        return nameless(
                HolderKind.UNKNOWN,
                Optional.empty(),
                (passing ? "a process not known yet: " : "a process that could not be seen: ") + reason);
    }

    /** Nothing listens, and yet it can't be bound. */
    ConflictHolder of(Blockage blockage) {
        return nameless(HolderKind.KERNEL, Optional.empty(), "nothing that listens: " + blockage.explanation());
    }

    /** Another declaration has the port, or has the older claim to it. */
    ConflictHolder of(Service other, boolean hasIt) {
        return nameless(
                other.spec().isObserved() ? HolderKind.DECLARED : HolderKind.MANAGED,
                Optional.of(other.key()),
                "service " + other.key()
                        + (hasIt ? ", which has it" : ", which prefers it")
                        + " and was declared at "
                        + other.metadata().creationTimestamp());
    }

    ConflictHolder of(Reservation reservation) {
        return nameless(
                HolderKind.DECLARED,
                Optional.empty(),
                "a reservation for " + reservation.holder() + " by user "
                        + reservation.owner().display()
                        + reservation.expiresAt().map(at -> " until " + at).orElse(""));
    }

    private static ConflictHolder nameless(HolderKind kind, Optional<ServiceKey> service, String description) {
        return new ConflictHolder(
                kind,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                service,
                description);
    }
}
