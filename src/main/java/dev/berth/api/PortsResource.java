package dev.berth.api;

import dev.berth.control.FreePreview;
import dev.berth.control.Freed;
import dev.berth.control.PortView;
import dev.berth.host.ObservationException;
import dev.berth.model.Conflict;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.model.ServiceSpec;
import dev.berth.plan.PortRisk;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Who holds which port, and freeing one. */
@Singleton
@Path("/ports")
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public class PortsResource {
    /** As many conflicts of a port are shown with it. */
    private static final int HISTORY = 20;

    private static final Duration LONGEST_GRACE = Duration.ofHours(1);
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;

    private final Backend backend;
    private final CurrentCaller caller;

    PortsResource(Backend backend, CurrentCaller caller) {
        this.backend = backend;
        this.caller = caller;
    }

    @GET
    @Operation(summary = "Every port in use, reserved or declared (protocol, all)")
    public Response list(@Context UriInfo uri) {
        Query query = new Query(uri);
        Optional<Protocol> protocol = query.protocol();
        boolean all = query.flag("all");
        query.end();
        List<PortView> ports = Stored.answer(() -> backend.control().ports().list(protocol, all));
        ListView<PortObject> view = ListView.of(
                "PortList",
                ports.stream().map(PortObject::of).toList(),
                Optional.of(backend.registry().resourceVersion()),
                Optional.empty());
        return Response.ok(new Reply(view, () -> PortObject.table(ports))).build();
    }

    @GET
    @Path("/{port}")
    @Operation(
            summary =
                    "One port as it is now: its holders, who wants it, what happened on it, how likely it is contested, in words too")
    public Response get(@PathParam("port") String port, @Context UriInfo uri) {
        Query query = new Query(uri);
        PortKey key = PortAddress.of(port, query);
        query.end();
        PortView view = Stored.answer(() -> backend.control().ports().view(key));
        List<Conflict> history = Stored.answer(() -> backend.store()
                .conflicts(new Store.ConflictQuery(
                        Optional.empty(), Optional.of(key), Optional.empty(), Optional.empty(), HISTORY)));
        PortRisk risk = Stored.answer(() -> backend.control().ports().risk(key));
        PortObject answer = PortObject.of(view, Optional.of(history), Optional.of(risk));
        return Response.ok(new Reply(answer, () -> PortObject.text(view, history, risk)))
                .build();
    }

    @POST
    @Path("/{port}/free")
    @Blocking
    @Operation(summary = "End what holds the port (grace, force, protocol); answers when it is free, or says why not")
    public CompletionStage<Response> free(@PathParam("port") String port, @Context UriInfo uri) {
        Query query = new Query(uri);
        PortKey key = PortAddress.of(port, query);
        Duration grace = query.duration("grace", LONGEST_GRACE).orElse(ServiceSpec.DEFAULT_GRACE_PERIOD);
        boolean force = query.flag("force");
        boolean dryRun = query.dryRun();
        query.end();
        if (dryRun) {
            FreePreview preview =
                    Stored.answer(() -> backend.control().release().plan(key, grace, force, caller.user()));
            preview.refused().ifPresent(refused -> {
                throw refusal(refused);
            });
            Response plan = Response.ok(PlanView.reply(PlanView.steps(preview), List.of()))
                    .build();
            return CompletableFuture.completedFuture(plan);
        }
        return backend.control()
                .release()
                .free(key, grace, force, caller.user())
                .thenApply(PortsResource::answer)
                .exceptionallyCompose(failed -> CompletableFuture.failedStage(refusal(failed)));
    }

    private static Response answer(Freed freed) {
        if (freed instanceof Freed.AlreadyFree free) {
            return Response.ok(FreedView.reply(free.port(), "nothing held port " + free.port(), List.of()))
                    .build();
        } else if (freed instanceof Freed.Done done) {
            return Response.ok(FreedView.reply(done.port(), "port " + done.port() + " is free now", done.actions()))
                    .build();
        } else if (freed instanceof Freed.StillTaken taken) {
            throw Problems.problem(CONFLICT, "port " + taken.port() + " is still taken: " + taken.reason())
                    .with("reason", taken.reason())
                    .with(
                            "actions",
                            taken.actions().stream()
                                    .map(ConflictView.ActionView::of)
                                    .toList())
                    .build();
        }
        throw refusal((Freed.Refused) freed);
    }

    private static HttpProblem refusal(Freed.Refused refused) {
        return Problems.problem(
                        FORBIDDEN,
                        "port " + refused.port() + " is not freed (" + refused.rule() + "): " + refused.reason())
                .with("rule", refused.rule())
                .build();
    }

    private static Throwable refusal(Throwable failed) {
        Throwable cause = failed instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failed;
        if (cause instanceof StoreException store) {
            return Problems.unavailable(store);
        }
        return cause instanceof ObservationException look ? Problems.unavailable(look) : cause;
    }
}
