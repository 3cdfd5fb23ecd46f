package dev.berth.api;

import dev.berth.config.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How single values are spelt in answers. */
final class Wire {
    static final String API_VERSION = "berth.dev/v1";

    /** What is quoted of a request in an answer. */
    private static final int QUOTED = 100;

    private Wire() {}

    /** {@code AWAITING_APPROVAL} as {@code AwaitingApproval}. */
    static String camel(Enum<?> value) {
        return Arrays.stream(value.name().split("_", -1))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /** {@code HIGH} as {@code high}. */
    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** RFC 3339 in UTC, to the millisecond. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    static String duration(Duration duration) {
        return Durations.write(duration);
    }

    /** Text of a caller's, fit to be shown: short and without control characters. */
    static String quote(String text) {
        String visible = text.replaceAll("\\p{Cntrl}", "?");
        return visible.length() <= QUOTED ? visible : visible.substring(0, QUOTED) + "…";
    }
}
