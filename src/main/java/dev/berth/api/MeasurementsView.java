package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.berth.config.Durations;
import dev.berth.model.Measure;
import dev.berth.model.Measurement;
import dev.berth.model.Spread;
import dev.berth.model.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one service over a span of time, as it is sent: an array for each thing that was measured, with an element
 * for each step of the span.
 *
 * @param since where the first step begins
 * @param until where the last step ends
 * @param points how many steps: the length of every array
 * @param series by name; what was never measured in the span is absent
 */
@JsonPropertyOrder({"apiVersion", "kind"})
record MeasurementsView(
        String apiVersion,
        String kind,
        String service,
        String since,
        String until,
        String step,
        long stepSeconds,
        int points,
        Map<String, Series> series) {
    /**
     * One thing that was measured.
     *
     * @param atLeast whether the true values may be higher
     * @param min null where nothing was measured, in all three; the lowest and highest of a step are of the single looks, also
     *     where the looks themselves are long gone
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Series(
            String unit,
            boolean atLeast,
            List<@Nullable Double> min,
            List<@Nullable Double> mean,
            List<@Nullable Double> max) {}

    /** @param since the beginning of a step */
    static MeasurementsView of(String service, List<Measurement> known, Instant since, Duration step, int points) {
        List<Map<Measure, Spread>> steps = new ArrayList<>();
        for (int i = 0; i < points; i++) {
            steps.add(new LinkedHashMap<>());
        }
        for (Measurement each : known) {
            long at = Math.floorDiv(each.start().getEpochSecond() - since.getEpochSecond(), step.toSeconds());
            // What began before the span belongs to its first step by its end.
            int index = (int) Math.max(0, at);
            if (index < points) {
                each.spreads().forEach((measure, spread) -> steps.get(index).merge(measure, spread, Spread::plus));
            }
        }
        Map<String, Series> series = new LinkedHashMap<>();
        for (Measure measure : Measure.values()) {
            List<Optional<Spread>> values = steps.stream()
                    .map(each -> Optional.ofNullable(each.get(measure)))
                    .toList();
            if (values.stream().anyMatch(Optional::isPresent)) {
                series.put(measure.label(), series(measure, values));
            }
        }
        return new MeasurementsView(
                Wire.API_VERSION,
                "Measurements",
                service,
                Wire.time(since),
                Wire.time(since.plus(step.multipliedBy(points))),
                Durations.write(step),
                step.toSeconds(),
                points,
                series);
    }

    private static Series series(Measure measure, List<Optional<Spread>> values) {
        List<@Nullable Double> min = new ArrayList<>();
        List<@Nullable Double> mean = new ArrayList<>();
        List<@Nullable Double> max = new ArrayList<>();
        for (Optional<Spread> value : values) {
            min.add(value.map(each -> rounded(each.min(), measure)).orElse(null));
            mean.add(value.map(each -> rounded(each.mean(), measure)).orElse(null));
            max.add(value.map(each -> rounded(each.max(), measure)).orElse(null));
        }
        return new Series(
                measure.unit(),
                measure.isAtLeast(),
                Collections.unmodifiableList(min),
                Collections.unmodifiableList(mean),
                Collections.unmodifiableList(max));
    }

    /** More digits than are kept would be noise. */
    static double rounded(double value, Measure measure) {
        return Math.round(value * measure.steps()) / (double) measure.steps();
    }

    /** A row for each step of which something is known. */
    String text() {
        if (series.isEmpty()) {
            return "Nothing was measured of " + service + " from " + since + " to " + until + ".\n";
        }
        TextTable table = TextTable.of(
                "TIME",
                "CPU",
                "MOST",
                "MEMORY",
                "MOST",
                "THREADS",
                "FILES",
                "RESPONSE",
                "MOST",
                "IN/S",
                "OUT/S",
                "READY");
        Instant at = Instant.parse(since);
        for (int i = 0; i < points; i++) {
            if (isKnown(i)) {
                table.row(
                        Wire.time(at),
                        cell(Measure.CPU, false, i),
                        cell(Measure.CPU, true, i),
                        cell(Measure.MEMORY, false, i),
                        cell(Measure.MEMORY, true, i),
                        cell(Measure.THREADS, false, i),
                        cell(Measure.OPEN_FILES, false, i),
                        cell(Measure.RESPONSE_TIME, false, i),
                        cell(Measure.RESPONSE_TIME, true, i),
                        cell(Measure.RECEIVED, false, i),
                        cell(Measure.SENT, false, i),
                        cell(Measure.READY, false, i));
            }
            at = at.plusSeconds(stepSeconds);
        }
        return service + ", by " + step + "; what goes in and out is at least so much:\n" + table;
    }

    private boolean isKnown(int index) {
        return series.values().stream().anyMatch(each -> each.mean().get(index) != null);
    }

    private String cell(Measure measure, boolean most, int index) {
        return Optional.ofNullable(series.get(measure.label()))
                .flatMap(each -> Optional.ofNullable((most ? each.max() : each.mean()).get(index)))
                .map(value -> words(measure, value))
                .orElse("-");
    }

    /** A value as people read it. */
    static String words(Measure measure, double value) {
        return switch (measure) {
            case CPU, UP, READY -> Units.percent(value);
            case MEMORY, RECEIVED, SENT -> Units.bytes(value);
            case RESPONSE_TIME -> Math.round(value * 10_000) / 10.0 + " ms";
            case THREADS, OPEN_FILES, CONNECTIONS, RESTARTS -> Long.toString(Math.round(value));
        };
    }
}
