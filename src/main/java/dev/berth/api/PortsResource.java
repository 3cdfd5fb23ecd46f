package dev.berth.api;

import dev.berth.control.FreePreview;
import dev.berth.control.Freed;
import dev.berth.control.PortView;
import dev.berth.control.Reserved;
import dev.berth.host.ObservationException;
import dev.berth.model.Caller;
import dev.berth.model.Conflict;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.Ports;
import dev.berth.model.Protocol;
import dev.berth.model.ReservationRequest;
import dev.berth.model.ServiceSpec;
import dev.berth.model.User;
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
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Who holds which port, and freeing one. */
@Singleton
@Path("/ports")
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public class PortsResource {
    /** As many conflicts of a port are shown with it. */
    private static final int HISTORY = 20;

    private static final Duration LONGEST_GRACE = Duration.ofHours(1);
    /** As many free ones are named, out of so many that follow. */
    private static final int ALTERNATIVES = 3;

    private static final int NEARBY = 100;
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
        Predicate<User> reader = reader();
        ListView<PortObject> view = ListView.of(
                "PortList",
                ports.stream().map(each -> PortObject.of(each, reader)).toList(),
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
        PortObject answer = PortObject.of(view, reader(), Optional.of(history), Optional.of(risk));
        return Response.ok(new Reply(answer, () -> PortObject.text(view, history, risk)))
                .build();
    }

    private Predicate<User> reader() {
        Permissions permissions = backend.permissions();
        Caller by = caller.get();
        return owner -> permissions.mayReadSecrets(owner, by);
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
        backend.permissions().requireChanges(caller.get());
        if (dryRun) {
            FreePreview preview =
                    Stored.answer(() -> backend.control().release().plan(key, grace, force, caller.get()));
            preview.refused().ifPresent(refused -> {
                throw refusal(refused, caller.get());
            });
            Response plan = Response.ok(PlanView.reply(PlanView.steps(preview), List.of()))
                    .build();
            return CompletableFuture.completedFuture(plan);
        }
        Caller by = caller.get();
        return backend.control()
                .release()
                .free(key, grace, force, by)
                .thenApply(freed -> answer(freed, by))
                .exceptionallyCompose(failed -> CompletableFuture.failedStage(refusal(failed)));
    }

    private Response answer(Freed freed, Caller by) {
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
        throw refusal((Freed.Refused) freed, by);
    }

    private HttpProblem refusal(Freed.Refused refused, Caller by) {
        List<Integer> alternatives = alternatives(refused.port(), by);
        return Problems.problem(
                        FORBIDDEN,
                        "port " + refused.port() + " is not freed (" + refused.rule() + "): " + refused.reason()
                                + (alternatives.isEmpty()
                                        ? ""
                                        : "; free are "
                                                + alternatives.stream()
                                                        .map(String::valueOf)
                                                        .collect(Collectors.joining(", "))))
                .with("rule", refused.rule())
                .with("alternatives", alternatives)
                .build();
    }

    /** Ports nearby that nobody has: who may not have this one can go on with another. */
    private List<Integer> alternatives(PortKey port, Caller by) {
        int first = Math.max(Ports.LOWEST_CHOSEN, port.port() + 1);
        if (first > Ports.MAX) {
            return List.of();
        }
        PortRange range = new PortRange(first, Math.min(Ports.MAX, first + NEARBY));
        ReservationRequest request = new ReservationRequest(
                by.user().display(),
                port.protocol(),
                OptionalInt.empty(),
                Optional.of(range),
                ALTERNATIVES,
                Optional.empty(),
                OptionalLong.empty());
        Reserved free = Stored.answer(() -> backend.control().reservations().reserve(request, by, true));
        return free instanceof Reserved.Made made
                ? made.reservations().stream().map(each -> each.port().port()).toList()
                : List.of();
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
