package dev.berth.health;

import dev.berth.model.HealthCheckSpec;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lets a check look at the service's own port on loopback, and nowhere else. Where Berth is root's and works for everybody,
 * a check of a user's choice would otherwise make requests in root's name and from inside the machine's firewall, and tell
 * the user what came of them. A name of another host is refused and never looked up: whoever answers for it may say one thing
 * now and another a moment later.
 */
final class OwnPortCheck implements HealthCheck {
    private final HealthCheck check;
    private final Function<HealthCheckSpec, Optional<Endpoint>> target;

    private OwnPortCheck(HealthCheck check, Function<HealthCheckSpec, Optional<Endpoint>> target) {
        this.check = check;
        this.target = target;
    }

    static HealthCheck http(HealthCheck check) {
        return new OwnPortCheck(check, OwnPortCheck::ofUrl);
    }

    static HealthCheck tcp(HealthCheck check) {
        return new OwnPortCheck(check, spec -> Endpoint.parse(spec.target()));
    }

    @Override
    public String kind() {
        return check.kind();
    }

    @Override
    public Result check(HealthCheckSpec spec, Context context) {
        Optional<Endpoint> wanted = target.apply(spec);
        // What can't be understood here might be by somebody else.
        if (wanted.isEmpty() || !isAllowed(wanted.get(), context)) {
            return new Result(
                    false,
                    "not checked: " + spec.target() + " is not the service's own port on loopback, and on a shared"
                            + " machine nothing else is looked at; write localhost:{port}, or a command",
                    Duration.ZERO);
        }
        return check.check(spec, context);
    }

    private static Optional<Endpoint> ofUrl(HealthCheckSpec spec) {
        try {
            URI url = new URI(new URI(spec.target()).toASCIIString());
            return Optional.ofNullable(url.getHost())
                    .map(host -> new Endpoint(Endpoint.unbracketed(host), HttpCheck.port(url)));
        } catch (URISyntaxException notOne) {
            return Optional.empty();
        }
    }

    private static boolean isAllowed(Endpoint wanted, Context context) {
        return context.port().isPresent()
                && context.port().getAsInt() == wanted.port()
                && isLoopback(wanted.host().toLowerCase(Locale.ROOT));
    }

    private static boolean isLoopback(String host) {
        if (Addresses.isLocalName(host)) {
            return true;
        }
        if (!Addresses.isNumeric(host)) {
            return false;
        }
        try {
            InetAddress address = InetAddress.getByName(host);
            // What a server binds everywhere is looked for on loopback.
            return address.isLoopbackAddress() || address.isAnyLocalAddress();
        } catch (UnknownHostException notOne) {
            return false;
        }
    }
}
