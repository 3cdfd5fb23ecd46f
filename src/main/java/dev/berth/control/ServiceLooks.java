package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.Service;
import dev.berth.model.ServiceState;
import dev.berth.model.ServiceStatus;
import dev.berth.plan.Addresses;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The looks that services are planned by: as new as they must be, and no newer, because a look costs more than a plan. */
final class ServiceLooks {
    /** One that is starting listens at any moment, and others wait for it: a look costs less than they do. */
    private static final Duration STARTING = Duration.ofMillis(5);

    private final Looks looks;
    private final InstantSource clock;
    private final Duration usual;

    /** @param usual a look that is older is taken anew */
    ServiceLooks(Looks looks, InstantSource clock, Duration usual) {
        this.looks = looks;
        this.clock = clock;
        this.usual = usual;
    }

    HostSnapshot of(Service service) throws ObservationException {
        boolean wanted = service.spec().running()
                && service.metadata().deletionTimestamp().isEmpty();
        if (!wanted) {
            // It gives back what it has, whoever holds which port: a hundred that stop need not look a hundred times.
            return looks.any();
        }
        if (isStarting(service.status())) {
            Optional<HostSnapshot> settled = looks.known(usual).filter(look -> isSettled(look, service));
            return settled.isPresent() ? settled.get() : looks.current(STARTING);
        }
        return looks.current(age(service.status(), clock.instant()));
    }

    private static boolean isStarting(ServiceStatus status) {
        return status.process().isPresent() && status.state() == ServiceState.STARTING;
    }

    /** Does something listen where it is to listen, of which is known whose it is? */
    private static boolean isSettled(HostSnapshot look, Service service) {
        String host = service.spec().wantedHost();
        List<Listener> there = service.assigned().map(look::on).orElse(List.of()).stream()
                .filter(listener -> Addresses.collides(host, listener))
                .toList();
        return !there.isEmpty() && there.stream().allMatch(listener -> listener.ownership() instanceof Ownership.Held);
    }

    /** A look from before its process ended tells of that one still. */
    private Duration age(ServiceStatus status, Instant now) {
        if (status.process().isPresent()) {
            return usual;
        }
        Optional<Duration> ended = status.runOrNone().lastExit().map(exit -> Duration.between(exit.at(), now));
        // By a clock that was set back it seems to lie ahead; what lies further ahead was long ago.
        return ended.filter(since -> since.abs().compareTo(usual) < 0)
                .map(since -> since.isNegative() ? Duration.ZERO : since)
                .orElse(usual);
    }
}
