package dev.berth.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * How finely measurements are kept. This is the one place that says so; how long each is kept say the settings
 * {@code history.detail}, {@code history.minutes} and {@code history.quarters}. Older measurements are put together to the next
 * coarser one, page by page.
 */
public enum Resolution {
    /** As often as use is usually measured. */
    DETAIL(Duration.ofSeconds(15), Duration.ofMinutes(1)),
    MINUTE(Duration.ofMinutes(1), Duration.ofHours(1)),
    QUARTER(Duration.ofMinutes(15), Duration.ofDays(1));

    private final Duration width;
    private final Duration page;

    Resolution(Duration width, Duration page) {
        this.width = width;
        this.page = page;
    }

    /** How much time one measurement is of. */
    public Duration width() {
        return width;
    }

    /** How much time the measurements are of that are stored together: always a whole number of them. */
    public Duration page() {
        return page;
    }

    /** The beginning of the measurement that a moment belongs to; spans are counted from 1970, so that they never shift. */
    public Instant start(Instant moment) {
        return floor(moment, width);
    }

    /** The beginning of the page that a moment belongs to. */
    public Instant pageStart(Instant moment) {
        return floor(moment, page);
    }

    /** What measurements of this one become when they grow old; empty for the coarsest, which go. */
    public Optional<Resolution> coarser() {
        return Arrays.stream(values())
                .filter(each -> each.ordinal() == ordinal() + 1)
                .findFirst();
    }

    private static Instant floor(Instant moment, Duration step) {
        long seconds = moment.getEpochSecond();
        return Instant.ofEpochSecond(seconds - Math.floorMod(seconds, step.toSeconds()));
    }
}
