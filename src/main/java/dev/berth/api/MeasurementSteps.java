package dev.berth.api;

import dev.berth.config.SettingCatalog;
import dev.berth.config.Settings;
import dev.berth.model.Resolution;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How finely a period's measurements are told. */
final class MeasurementSteps {
    private MeasurementSteps() {}

    /**
     * What was asked for, or as long that the period has about so many; never finer than what is kept of the period's beginning,
     * and a multiple of it.
     */
    static Duration of(Period period, Optional<Duration> asked, int points, Settings settings, Instant now) {
        Duration wanted = asked.orElseGet(() -> period.length().dividedBy(points));
        Duration kept = kept(Duration.between(period.since(), now), settings).width();
        long times = -Math.floorDiv(-wanted.toSeconds(), kept.toSeconds());
        return kept.multipliedBy(Math.max(1, times));
    }

    private static Resolution kept(Duration since, Settings settings) {
        // "Since an hour" was asked a moment ago, and is an hour nevertheless.
        Duration age = since.minus(Resolution.DETAIL.width());
        if (age.compareTo(settings.get(SettingCatalog.HISTORY_DETAIL)) <= 0) {
            return Resolution.DETAIL;
        }
        return age.compareTo(settings.get(SettingCatalog.HISTORY_MINUTES)) <= 0
                ? Resolution.MINUTE
                : Resolution.QUARTER;
    }
}
