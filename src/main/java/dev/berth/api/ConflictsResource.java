package dev.berth.api;

import dev.berth.control.ConflictAnswer;
import dev.berth.model.Conflict;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.model.ServiceKey;
import dev.berth.store.Store;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What was contested, and people's decisions about it. */
@Singleton
@Path("/conflicts")
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public class ConflictsResource {
    private static final String STATES =
            Arrays.stream(Conflict.State.values()).map(Wire::camel).collect(Collectors.joining(", "));

    private final Backend backend;
    private final CurrentCaller caller;

    ConflictsResource(Backend backend, CurrentCaller caller) {
        this.backend = backend;
        this.caller = caller;
    }

    @GET
    @Operation(summary = "Conflicts, newest first (service, port, protocol, state, since, limit)")
    public Response list(@Context UriInfo uri) {
        Query query = new Query(uri);
        Optional<ServiceKey> service = query.service(caller.get());
        OptionalInt port = query.port("port");
        Protocol protocol = query.protocol().orElse(Protocol.TCP);
        Optional<Conflict.State> state = query.parsed("state", "one of " + STATES, ConflictsResource::state);
        Optional<Instant> since = query.since(backend.clock().instant());
        int limit = query.limit();
        query.end();
        Optional<PortKey> key =
                port.isPresent() ? Optional.of(new PortKey(protocol, port.getAsInt())) : Optional.empty();
        List<Conflict> conflicts = Stored.answer(
                () -> backend.store().conflicts(new Store.ConflictQuery(service, key, state, since, limit)));
        ListView<ConflictView> view = ListView.of(
                "ConflictList",
                conflicts.stream().map(ConflictView::of).toList(),
                Optional.of(backend.registry().resourceVersion()),
                Optional.empty());
        return Response.ok(new Reply(view, () -> ConflictView.table(conflicts))).build();
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One conflict with its actions")
    public Response get(@PathParam("id") String id, @Context UriInfo uri) {
        new Query(uri).end();
        return Response.ok(ConflictView.reply(conflict(id))).build();
    }

    @POST
    @Path("/{id}/approve")
    @Operation(summary = "Let Berth do what waits for approval")
    public Response approve(
            @PathParam("id") String id, @HeaderParam("If-Match") Optional<String> ifMatch, @Context UriInfo uri) {
        backend.permissions().requireDecision(conflict(id), caller.get());
        if (dryRun(uri)) {
            return planned(id, Conflict.State.AWAITING_APPROVAL, "approved: it would be done now");
        }
        OptionalLong shown = IfMatch.parse(ifMatch).version();
        return answer(Stored.answer(() -> backend.control().conflicts().approve(id, shown, caller.get())));
    }

    @POST
    @Path("/{id}/dismiss")
    @Operation(summary = "Close the conflict without doing anything about it")
    public Response dismiss(@PathParam("id") String id, @Context UriInfo uri) {
        backend.permissions().requireDecision(conflict(id), caller.get());
        if (dryRun(uri)) {
            Conflict conflict = open(id);
            PlanView.Step step = new PlanView.Step(
                    "CloseConflict",
                    "Conflict " + id,
                    "dismissed: nothing is done about it",
                    "of " + conflict.service() + " over port " + conflict.port());
            return Response.ok(PlanView.reply(List.of(step), List.of())).build();
        }
        return answer(Stored.answer(() -> backend.control().conflicts().dismiss(id, caller.get())));
    }

    @POST
    @Path("/resolve")
    @Operation(summary = "Look at every open conflict now and settle what can be settled")
    public Response resolve(@Context UriInfo uri) {
        Permissions permissions = backend.permissions();
        permissions.requireChanges(caller.get());
        Predicate<Conflict> own = conflict -> permissions.mayDecide(conflict, caller.get());
        if (dryRun(uri)) {
            List<PlanView.Step> steps = backend.registry().openConflicts().stream()
                    .filter(own)
                    .map(each -> PlanView.decided(each, each.reason()))
                    .toList();
            return Response.ok(PlanView.reply(steps, List.of())).build();
        }
        List<Conflict> conflicts = backend.control().conflicts().resolveAll(caller.get(), own);
        ListView<ConflictView> view = ListView.of(
                "ConflictList",
                conflicts.stream().map(ConflictView::of).toList(),
                Optional.of(backend.registry().resourceVersion()),
                Optional.empty());
        return Response.accepted(new Reply(view, () -> ConflictView.table(conflicts)))
                .build();
    }

    private static boolean dryRun(UriInfo uri) {
        Query query = new Query(uri);
        boolean dryRun = query.dryRun();
        query.end();
        return dryRun;
    }

    private Response planned(String id, Conflict.State wanted, String reason) {
        Conflict conflict = conflict(id);
        if (conflict.state() != wanted) {
            throw Problems.conflict("the conflict is " + Wire.camel(conflict.state()) + ", not " + Wire.camel(wanted));
        }
        return Response.ok(PlanView.reply(List.of(PlanView.decided(conflict, reason)), List.of()))
                .build();
    }

    private Conflict open(String id) {
        Conflict conflict = conflict(id);
        if (!conflict.state().isOpen()) {
            throw closed(conflict);
        }
        return conflict;
    }

    private static RuntimeException closed(Conflict conflict) {
        return Problems.conflict("the conflict is " + Wire.camel(conflict.state()) + " already");
    }

    private Response answer(ConflictAnswer answer) {
        if (answer instanceof ConflictAnswer.Taken taken) {
            return Response.ok(ConflictView.reply(taken.conflict())).build();
        } else if (answer instanceof ConflictAnswer.NotPossible not) {
            throw Problems.conflict(not.reason());
        } else if (answer instanceof ConflictAnswer.Changed changed) {
            throw Problems.stale("the conflict is at version "
                    + changed.conflict().resourceVersion() + " now: "
                    + Wire.lower(changed.conflict().decision()) + ", held by "
                    + changed.conflict().holder().description());
        }
        // Not among the open ones: closed before, or meanwhile.
        throw closed(conflict(((ConflictAnswer.NotFound) answer).id()));
    }

    /** Open ones are in memory; closed ones are found among the history. */
    private Conflict conflict(String id) {
        return backend.registry().conflict(id).or(() -> closed(id)).orElseThrow(() -> missing(id));
    }

    private Optional<Conflict> closed(String id) {
        return Stored.answer(() -> backend.store().conflict(id));
    }

    private static RuntimeException missing(String id) {
        return Problems.notFound("conflict " + Wire.quote(id));
    }

    private static Conflict.State state(String text) {
        return Arrays.stream(Conflict.State.values())
                .filter(each -> Wire.camel(each).equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no state"));
    }
}
