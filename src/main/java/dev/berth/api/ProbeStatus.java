package dev.berth.api;

import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.function.Function;

/**
 * The probes as a stranger sees them: the same status, without the checks, which name services, files and faults. Kubelets and
 * load balancers call from elsewhere, without a token and with any Host, and want no more.
 */
@ApplicationScoped
class ProbeStatus {
    private static final String PROBES = "/q/health";

    /** Only what is named here is open: a route that the framework gains some day is not. */
    private static final Map<String, Function<SmallRyeHealthReporter, Uni<SmallRyeHealth>>> BY_PATH = Map.of(
            PROBES,
            SmallRyeHealthReporter::getHealthAsync,
            PROBES + "/live",
            SmallRyeHealthReporter::getLivenessAsync,
            PROBES + "/ready",
            SmallRyeHealthReporter::getReadinessAsync,
            PROBES + "/started",
            SmallRyeHealthReporter::getStartupAsync);

    private static final int UNAVAILABLE = 503;

    private final SmallRyeHealthReporter reporter;

    ProbeStatus(SmallRyeHealthReporter reporter) {
        this.reporter = reporter;
    }

    /** Routes are found by the normalized path: one that only looks like a probe's, such as {@code /q/health/../services}, is none. */
    static boolean isAsked(RoutingContext context) {
        HttpMethod method = context.request().method();
        String path = context.request().path();
        return (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD))
                && path != null
                && path.equals(context.normalizedPath())
                && BY_PATH.containsKey(path);
    }

    void answer(RoutingContext context) {
        Function<SmallRyeHealthReporter, Uni<SmallRyeHealth>> probe = BY_PATH.get(context.normalizedPath());
        if (probe == null) {
            throw new IllegalArgumentException(context.normalizedPath() + " is no probe");
        }
        probe.apply(reporter).subscribe().with(health -> send(context.response(), health), context::fail);
    }

    private static void send(HttpServerResponse response, SmallRyeHealth health) {
        if (health.isDown()) {
            response.setStatusCode(UNAVAILABLE);
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, ReplyWriter.JSON)
                .end(new JsonObject().put("status", health.getStatus().name()).encode());
    }
}
