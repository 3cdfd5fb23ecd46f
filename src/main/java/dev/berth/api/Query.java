package dev.berth.api;

import dev.berth.config.Durations;
import dev.berth.model.Caller;
import dev.berth.model.Fault;
import dev.berth.model.Protocol;
import dev.berth.model.ServiceKey;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * The parameters of one request. Taken one after the other; {@link #end} refuses the request with everything that was wrong,
 * and with those that nobody took: a misspelt {@code dryRun} must not become the real thing.
 */
final class Query {
    static final int DEFAULT_LIMIT = 100;
    static final int MOST = 500;

    /** Beyond every record, and within what a long counts in nanoseconds (2262). */
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private final MultivaluedMap<String, String> parameters;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<Fault> faults = new ArrayList<>();

    Query(UriInfo uri) {
        this.parameters = uri.getQueryParameters();
    }

    Optional<String> text(String name) {
        known.add(name);
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            faults.add(new Fault(name, "say it once", String.join(", ", values)));
        }
        return values.stream().findFirst().map(String::strip).filter(value -> !value.isEmpty());
    }

    /** {@code ?name} alone says true. */
    boolean flag(String name) {
        boolean there = parameters.containsKey(name);
        Optional<String> value = text(name);
        if (value.isPresent() && !Set.of("true", "false").contains(value.get())) {
            fault(name, "true or false is wanted", value.get());
        }
        return there && value.map("true"::equals).orElse(true);
    }

    boolean dryRun() {
        return flag("dryRun");
    }

    OptionalLong number(String name, long least, long most) {
        Optional<Long> number = parsed(name, "a whole number from " + least + " to " + most, Long::valueOf)
                .filter(value -> {
                    if (value < least || value > most) {
                        fault(name, "a whole number from " + least + " to " + most, Long.toString(value));
                        return false;
                    }
                    return true;
                });
        return number.map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    OptionalInt port(String name) {
        OptionalLong number = number(name, 1, 65535);
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }

    int limit() {
        return (int) number("limit", 1, MOST).orElse(DEFAULT_LIMIT);
    }

    Optional<Duration> duration(String name, Duration most) {
        String allowed = Durations.ALLOWED + ", at most " + Durations.write(most);
        return parsed(name, allowed, text -> {
            Duration value = Durations.parse(text);
            if (value.compareTo(most) > 0) {
                throw new IllegalArgumentException("too long");
            }
            return value;
        });
    }

    /** A time (RFC 3339), or how long ago as a duration. */
    Optional<Instant> since(Instant now) {
        return time("since", now);
    }

    /** A time (RFC 3339), or how long ago as a duration. */
    Optional<Instant> time(String name, Instant now) {
        return parsed(name, "a time such as 2030-01-31T12:00:00Z, or how long ago, such as 10m", value -> {
            try {
                return recordable(Instant.parse(value));
            } catch (DateTimeParseException notATime) {
                return recordable(now.minus(Durations.parse(value)));
            }
        });
    }

    /** Nothing was recorded before computers counted time nor long after now, and nanoseconds don't count that far. */
    private static Instant recordable(Instant time) {
        if (time.isBefore(Instant.EPOCH)) {
            return Instant.EPOCH;
        }
        return time.isAfter(LATEST) ? LATEST : time;
    }

    /** The service that is meant by {@code service=}; one without a namespace is in the caller's own. */
    Optional<ServiceKey> service(Caller caller) {
        return parsed(
                "service",
                "name or namespace/name",
                text -> ServiceKey.parse(text.indexOf('/') < 0 ? caller.namespace() + "/" + text : text));
    }

    Optional<Protocol> protocol() {
        return parsed("protocol", "tcp or udp", value -> switch (value) {
            case "tcp" -> Protocol.TCP;
            case "udp" -> Protocol.UDP;
            default -> throw new IllegalArgumentException("neither");
        });
    }

    <T> Optional<T> parsed(String name, String allowed, Function<String, T> parser) {
        return text(name).flatMap(value -> {
            try {
                return Optional.of(parser.apply(value));
            } catch (IllegalArgumentException | DateTimeException | ArithmeticException wrong) {
                fault(name, allowed, value);
                return Optional.empty();
            }
        });
    }

    void fault(String name, String message, String given) {
        faults.add(new Fault(name, message, Wire.quote(given)));
    }

    /** To be called when everything was taken. */
    Query end() {
        for (Map.Entry<String, List<String>> entry : parameters.entrySet()) {
            if (!known.contains(entry.getKey())) {
                fault(
                        Wire.quote(entry.getKey()),
                        "there is no such parameter here; known are " + String.join(", ", known),
                        String.join(", ", entry.getValue()));
            }
        }
        if (!faults.isEmpty()) {
            throw Problems.invalid("the parameters", faults);
        }
        return this;
    }
}
