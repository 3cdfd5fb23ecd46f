package dev.berth.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Set;

/** Of what the framework measures, the few that operators use, under Berth's name. */
public final class FrameworkMeters implements MeterFilter {
    private static final String PREFIX = "berth.";

    private static final Set<String> KEPT = Set.of(
            PREFIX + "http.server.requests",
            PREFIX + "jvm.memory.used",
            PREFIX + "jvm.memory.max",
            PREFIX + "jvm.gc.pause",
            PREFIX + "jvm.threads.live",
            PREFIX + "process.files.open",
            PREFIX + "process.start.time");

    /** There are fewer paths than this; who calls others must not be able to make series of them. */
    private static final int MOST_PATHS = 150;

    private final MeterFilter bounded =
            MeterFilter.maximumAllowableTags(PREFIX + "http.server.requests", "uri", MOST_PATHS, MeterFilter.deny());

    @Override
    public Meter.Id map(Meter.Id id) {
        return id.getName().startsWith(PREFIX) ? id : id.withName(PREFIX + id.getName());
    }

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        return KEPT.contains(id.getName()) ? bounded.accept(id) : MeterFilterReply.DENY;
    }
}
