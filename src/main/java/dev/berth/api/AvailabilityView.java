package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.model.Units;
import dev.berth.report.Availability;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How much of a period a service was ready, as it is sent.
 *
 * @param share of the time in which it was to run, 0 to 1; absent when it was not to run at all
 * @param downtimes how many there were
 * @param latest of them, the newest first
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record AvailabilityView(
        Optional<Double> share,
        double wantedSeconds,
        double readySeconds,
        int downtimes,
        double longestSeconds,
        List<DowntimeView> latest) {
    /** More would fill pages; their number and the times are of all. */
    private static final int MOST = 20;

    private static final double MILLIS = 1000;

    /** @param ongoing whether it lasts until the end of the period, and so perhaps longer */
    record DowntimeView(String from, String to, double seconds, boolean ongoing, String why) {
        String words() {
            return from + " for " + Units.duration(Duration.ofMillis(Math.round(seconds * MILLIS)))
                    + (ongoing ? " and on" : "") + ": " + why;
        }
    }

    /** @param full whether the reader may see what the service is told and what it wrote, which the reasons may quote */
    static AvailabilityView of(Availability all, boolean full) {
        List<DowntimeView> latest = all.downtimes().stream()
                .sorted(Comparator.comparing(Availability.Downtime::from).reversed())
                .limit(MOST)
                .map(each -> new DowntimeView(
                        Wire.time(each.from()),
                        Wire.time(each.to()),
                        seconds(each.length()),
                        each.ongoing(),
                        full ? each.why() : ServiceView.WITHHELD))
                .toList();
        return new AvailabilityView(
                all.share().map(share -> Math.round(share * 1_000_000) / 1_000_000.0),
                seconds(all.wanted()),
                seconds(all.ready()),
                all.downtimes().size(),
                seconds(all.downtimes().stream()
                        .map(Availability.Downtime::length)
                        .max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO)),
                latest);
    }

    /** What is nearly all is not shown as all. */
    String words() {
        return share.map(each -> each == 1 ? "100 %" : Math.floor(each * 100_000) / 1000 + " %")
                .orElse("-");
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / MILLIS;
    }
}
