package dev.berth.control;

import dev.berth.model.LimitReading;
import dev.berth.model.LimitReading.Verdict;
import dev.berth.model.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/**
 * Compares the samples of one launch with the thresholds. The verdict changes only after the other side was seen for a
 * while, and back only below nine tenths of a threshold: whoever moves around it is not told of at every sample.
 */
final class LimitWatch {
    /** A peak of a few seconds, as at a start or a collection of garbage, is no excess. */
    static final Duration SUSTAINED = Duration.ofSeconds(30);

    private static final double RELIEF = 0.9;

    private final Map<Kind, Threshold> thresholds = new EnumMap<>(Kind.class);

    /** In the order in which they are told. */
    private enum Kind {
        CPU("CpuExceeded"),
        MEMORY("MemoryExceeded"),
        RESPONSE_TIME("SlowResponses");

        final String reason;

        Kind(String reason) {
            this.reason = reason;
        }
    }

    /** One threshold, and what the samples said of it. */
    private static final class Threshold {
        final double allowed;
        Verdict verdict = Verdict.UNDECIDED;
        /** Since when, by the ticker, the samples say otherwise than the verdict. */
        Optional<Long> otherwise = Optional.empty();

        String message = "";

        Threshold(double allowed) {
            this.allowed = allowed;
        }

        void see(double used, long now, DoubleFunction<String> words) {
            if (verdict == Verdict.EXCEEDED ? used >= allowed * RELIEF : used <= allowed) {
                otherwise = Optional.empty();
                if (verdict == Verdict.UNDECIDED) {
                    verdict = Verdict.KEPT;
                }
                return;
            }
            otherwise = Optional.of(otherwise.orElse(now));
            if (now - otherwise.get() >= SUSTAINED.toNanos()) {
                verdict = verdict == Verdict.EXCEEDED ? Verdict.KEPT : Verdict.EXCEEDED;
                otherwise = Optional.empty();
                message = words.apply(used);
            }
        }
    }

    /** What follows from one more sample. */
    LimitReading see(Usage usage, UsageRules rules, long now) {
        see(
                Kind.CPU,
                rules.cpuPercent().map(percent -> percent / 100.0),
                usage.cpu(),
                now,
                cores -> "uses " + Units.percent(cores) + " of a core, "
                        + Units.percent(rules.cpuPercent().orElse(0) / 100.0) + " are allowed");
        see(
                Kind.MEMORY,
                rules.memoryBytes().map(Long::doubleValue),
                OptionalDouble.of(usage.memoryBytes()),
                now,
                bytes -> "uses " + Units.bytes(bytes) + ", "
                        + Units.bytes(rules.memoryBytes().orElse(0L)) + " are allowed");
        see(
                Kind.RESPONSE_TIME,
                rules.responseTime().map(time -> (double) time.toNanos()),
                // Without a check, or before its first answer, there is nothing that is slow.
                OptionalDouble.of(usage.responseTime()
                        .map(times -> (double) times.average().toNanos())
                        .orElse(0.0)),
                now,
                nanos -> "answers in " + Units.duration(Duration.ofNanos((long) nanos)) + " on average, "
                        + Units.duration(rules.responseTime().orElse(Duration.ZERO)) + " are allowed");
        return reading(rules.restart());
    }

    private void see(Kind kind, Optional<Double> allowed, OptionalDouble used, long now, DoubleFunction<String> words) {
        if (allowed.isEmpty()) {
            thresholds.remove(kind);
            return;
        }
        Threshold known = thresholds.get(kind);
        if (known == null || known.allowed != allowed.get()) {
            known = new Threshold(allowed.get());
            thresholds.put(kind, known);
        }
        if (used.isPresent()) {
            known.see(used.getAsDouble(), now, words);
        }
    }

    private LimitReading reading(boolean restart) {
        List<Kind> exceeded = new ArrayList<>();
        thresholds.forEach((kind, threshold) -> {
            if (threshold.verdict == Verdict.EXCEEDED) {
                exceeded.add(kind);
            }
        });
        if (!exceeded.isEmpty()) {
            String message = thresholds.values().stream()
                    .filter(threshold -> threshold.verdict == Verdict.EXCEEDED)
                    .map(threshold -> threshold.message)
                    .collect(Collectors.joining("; "));
            return new LimitReading(Verdict.EXCEEDED, exceeded.get(0).reason, message, restart);
        }
        return thresholds.values().stream().anyMatch(threshold -> threshold.verdict == Verdict.UNDECIDED)
                ? undecided(restart)
                : new LimitReading(
                        Verdict.KEPT, "WithinLimits", "it keeps within the thresholds that are set", restart);
    }

    static LimitReading undecided(boolean restart) {
        return new LimitReading(Verdict.UNDECIDED, "NotMeasured", "too little was measured to tell", restart);
    }
}
