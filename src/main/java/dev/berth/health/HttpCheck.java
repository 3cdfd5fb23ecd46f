package dev.berth.health;

import dev.berth.health.HttpReply.Body;
import dev.berth.model.BoundedPattern;
import dev.berth.model.BoundedPattern.Match;
import dev.berth.model.HealthCheckSpec;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Passes when a GET is answered with an expected status, and, where one is wanted, a body in which the pattern is found. One
 * connection of its own, no redirect followed, no cookie, no password, no proxy.
 *
 * <p>Written on a bare socket, because the JDK's clients bound each read and not the whole, and because of how the connection
 * ends: the answer is read to its end, and then reset. A server that closed first would keep its port in TIME_WAIT for a
 * minute after every check, and could not bind it again if it does not ask to (SO_REUSEADDR); one whose answer is not read
 * sees an error.
 */
public final class HttpCheck implements HealthCheck {
    public static final String KIND = "http";

    /** A redirect is an answer of a server that works. */
    private static final String USUAL = "200-399";

    /** Fifty times the longest body: some ten milliseconds. */
    private static final int STEPS = 50 * HttpReply.LONGEST_BODY;

    /** How long a server that was asked to close the connection is waited for; only one that doesn't makes use of it. */
    private static final Duration FAREWELL = Duration.ofMillis(50);

    private final LongSupplier ticker;

    /** @param ticker monotonic nanoseconds */
    public HttpCheck(LongSupplier ticker) {
        this.ticker = ticker;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Result check(HealthCheckSpec spec, Context context) {
        Deadline deadline = Deadline.in(spec.timeout(), ticker);
        try {
            URI url = new URI(new URI(spec.target()).toASCIIString());
            String host = Optional.ofNullable(url.getHost())
                    .orElseThrow(() -> new URISyntaxException(spec.target(), "it names no host"));
            try (TimedSocket socket = TimedSocket.connect(Endpoint.unbracketed(host), port(url), deadline)) {
                socket.resetOnClose();
                Result result = exchange(socket, url, host, spec, deadline);
                farewell(socket, deadline);
                return result;
            }
        } catch (URISyntaxException e) {
            return new Result(false, "\"" + spec.target() + "\" is not a URL: " + e.getReason(), deadline.elapsed());
        } catch (IOException e) {
            return new Result(false, Reasons.of(e, spec.timeout()), deadline.elapsed());
        }
    }

    private static Result exchange(TimedSocket connected, URI url, String host, HealthCheckSpec spec, Deadline deadline)
            throws IOException {
        Socket socket = isTls(url) ? LoopbackTls.over(connected, Endpoint.unbracketed(host)) : connected;
        socket.getOutputStream().write(request(url, host));
        HttpReply reply = HttpReply.read(socket.getInputStream());
        String status = Integer.toString(reply.status());
        if (!StatusRanges.contain(spec.expectStatus().orElse(USUAL), reply.status())) {
            return new Result(false, status, deadline.elapsed());
        }
        if (spec.expectBody().isEmpty()) {
            return new Result(true, status, deadline.elapsed());
        }
        Body body = reply.body();
        Duration took = deadline.elapsed();
        String pattern = spec.expectBody().get();
        Match match = BoundedPattern.of(pattern).find(body.text(), STEPS);
        return switch (match) {
            case FOUND -> new Result(true, status, took);
            case ABSENT ->
                new Result(
                        false,
                        body.late()
                                ? status + ", but the body did not end within " + Reasons.text(spec.timeout())
                                : status + ", but the body does not match " + pattern,
                        took);
            case GAVE_UP -> new Result(false, status + ", but the body takes too long to match with " + pattern, took);
        };
    }

    /** Reads what is left, so that the server is not cut off in the middle, and sees it close. */
    private static void farewell(TimedSocket socket, Deadline deadline) {
        socket.obey(deadline.within(FAREWELL));
        try {
            InputStream rest = socket.getInputStream();
            byte[] buffer = new byte[HttpReply.BUFFER];
            int count = 0;
            for (int read = 0; count >= 0 && read < HttpReply.LONGEST_BODY; read += count) {
                count = rest.read(buffer);
            }
        } catch (IOException e) {
            // It has answered; how it parts makes no difference to that.
            return;
        }
    }

    private static byte[] request(URI url, String host) {
        String path = Optional.ofNullable(url.getRawPath())
                .filter(given -> !given.isEmpty())
                .orElse("/");
        String query =
                Optional.ofNullable(url.getRawQuery()).map(given -> "?" + given).orElse("");
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return ("GET " + path + query + " HTTP/1.1\r\nHost: " + host + port
                        + "\r\nUser-Agent: Berth-health-check\r\nAccept: */*\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return isTls(url) ? 443 : 80;
    }

    private static boolean isTls(URI url) {
        return "https".equals(Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT));
    }
}
