package dev.berth.api;

import dev.berth.config.Durations;
import dev.berth.model.Measurement;
import dev.berth.model.Resolution;
import dev.berth.model.ServiceKey;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What was measured of one service over time. */
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public abstract class MeasurementsMethods {
    /** As many as a screen has points. */
    private static final int MOST_POINTS = 1000;

    /** As many as a small plot shows, when nobody says otherwise. */
    private static final int USUAL_POINTS = 240;

    private static final Duration USUAL_SPAN = Duration.ofHours(1);
    private static final Duration LONGEST_STEP = Duration.ofDays(31);

    private final Backend backend;
    private final CurrentCaller caller;

    MeasurementsMethods(Backend backend, CurrentCaller caller) {
        this.backend = backend;
        this.caller = caller;
    }

    @GET
    @Path("/{name}/measurements")
    @Operation(
            summary =
                    "What was measured of a service over time: CPU, memory, threads, files, response time, throughput,"
                            + " restarts, up and ready; lowest, mean and highest of each step (since, an hour; until; step). Also of"
                            + " services that were deleted")
    public Response measurements(@PathParam("name") String name, @Context UriInfo uri) {
        Instant now = backend.clock().instant();
        Query query = new Query(uri);
        Period period = Period.of(query, now, USUAL_SPAN);
        Optional<Duration> asked = query.duration("step", LONGEST_STEP);
        asked.filter(MeasurementsMethods::isUneven)
                .ifPresent(each -> query.fault(
                        "step", "a multiple of " + Durations.write(Resolution.DETAIL.width()), Durations.write(each)));
        query.end();
        ServiceKey key = ServiceAddress.instance(name, uri, caller.get());
        Duration step = MeasurementSteps.of(
                period, asked, USUAL_POINTS, backend.settings().get(), now);
        if (period.steps(step) > MOST_POINTS) {
            query.fault(
                    "step",
                    "at most " + MOST_POINTS + " steps are answered: take a longer one, or a shorter span",
                    Durations.write(step));
            query.end();
        }
        List<Measurement> known = Stored.answer(() -> backend.history().read(key, period.since(), period.until()));
        if (known.isEmpty() && backend.registry().service(key).isEmpty()) {
            throw Problems.notFound("service " + key.name() + " in the namespace " + key.namespace()
                    + ", and nothing was measured of one in this span");
        }
        Instant first = period.firstStep(step);
        MeasurementsView view = MeasurementsView.of(key.toString(), known, first, step, (int) period.steps(step));
        return Response.ok(new Reply(view, view::text)).build();
    }

    private static boolean isUneven(Duration step) {
        return step.isZero() || step.toNanos() % Resolution.DETAIL.width().toNanos() != 0;
    }
}
