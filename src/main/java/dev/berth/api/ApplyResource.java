package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.berth.config.DeclaredService;
import dev.berth.config.Document;
import dev.berth.config.Reading;
import dev.berth.config.SettingEffect;
import dev.berth.config.StackFile;
import dev.berth.control.Applied;
import dev.berth.host.ObservationException;
import dev.berth.model.Fault;
import dev.berth.model.Reservation;
import dev.berth.model.ServiceKey;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Declares a whole {@code berth.yaml}, all of it or nothing. */
@Singleton
@Path("/apply")
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public class ApplyResource {
    private final Backend backend;
    private final StackCalls stacks;
    private final CurrentCaller caller;

    ApplyResource(Backend backend, CurrentCaller caller) {
        this.backend = backend;
        this.stacks = new StackCalls(backend);
        this.caller = caller;
    }

    /** What became of each declaration. */
    @JsonPropertyOrder({"apiVersion", "kind", "services", "pruned", "reserved", "released", "settings", "warnings"})
    record AppliedView(
            String apiVersion,
            String kind,
            List<ChangeView> services,
            List<String> pruned,
            List<String> reserved,
            List<String> released,
            List<SettingView> settings,
            List<Fault> warnings) {
        record ChangeView(String service, String change, String resourceVersion) {}

        /** A setting of which another value holds since. */
        record SettingView(String setting, String before, String after) {}
    }

    @POST
    @Consumes({Bodies.JSON, Bodies.YAML, Bodies.X_YAML, Bodies.TEXT_YAML})
    @Operation(summary = "Declare a whole berth.yaml, all or nothing (base, prune, keepStopped, dryRun)")
    public Response apply(@Context UriInfo uri, @Context HttpHeaders headers, byte @Nullable [] body) {
        Query query = new Query(uri);
        boolean dryRun = query.dryRun();
        boolean prune = query.flag("prune");
        boolean keepStopped = query.flag("keepStopped");
        Optional<java.nio.file.Path> base = query.parsed("base", "an absolute directory", ApplyResource::directory);
        query.end();
        List<Document> documents = Bodies.all(body, headers);
        StackCalls.Brought brought = new StackCalls.Brought(documents, base, Optional.empty(), prune, keepStopped);
        Reading<Response> reading =
                Stored.answer(() -> stacks.take(brought, caller.get(), wish -> apply(wish, dryRun)));
        if (reading instanceof Reading.Refused<Response> refused) {
            throw Problems.invalid("the file", refused.faults());
        }
        return ((Reading.Valid<Response>) reading).value();
    }

    private StackCalls.Told<Response> apply(StackCalls.Wish wish, boolean dryRun)
            throws StoreException, StaleVersionException, ObservationException {
        requireVersions(wish.file());
        if (dryRun) {
            List<PlanView.Step> steps = stacks.plan(wish, caller.get());
            return told -> Response.ok(PlanView.reply(steps, told.warnings())).build();
        }
        Applied applied = stacks.apply(wish, caller.get());
        if (applied instanceof Applied.NoPort none) {
            throw ReservationsResource.refusal(none.why());
        }
        Applied.Done done = (Applied.Done) applied;
        return told -> Response.ok(reply(told, done)).build();
    }

    private void requireVersions(StackFile file) {
        for (DeclaredService service : file.services()) {
            OptionalLong version = service.resourceVersion();
            if (version.isPresent()) {
                new IfMatch(false, List.of(Long.toString(version.getAsLong())))
                        .against(backend.registry().service(service.key()));
            }
        }
    }

    private static java.nio.file.Path directory(String text) {
        try {
            java.nio.file.Path path = java.nio.file.Path.of(text);
            if (path.isAbsolute()) {
                return path.normalize();
            }
        } catch (InvalidPathException unusable) {
            throw new IllegalArgumentException("no path", unusable);
        }
        throw new IllegalArgumentException("a relative path");
    }

    private static Reply reply(StackCalls.Wish wish, Applied.Done applied) {
        List<AppliedView.ChangeView> changes = applied.services().stream()
                .map(each -> new AppliedView.ChangeView(
                        each.service().key().toString(),
                        Wire.camel(each.change()),
                        Long.toString(each.service().resourceVersion())))
                .toList();
        List<String> pruned =
                applied.pruned().stream().map(ServiceKey::toString).toList();
        List<Fault> warnings = new ArrayList<>(wish.warnings());
        applied.warnings().forEach(words -> warnings.add(new Fault("reservations", words, "")));
        List<AppliedView.SettingView> settings = wish.effects().stream()
                .filter(SettingEffect::changes)
                .map(each -> new AppliedView.SettingView(
                        each.setting().key(),
                        each.before().shown(),
                        each.after().shown()))
                .toList();
        AppliedView view = new AppliedView(
                Wire.API_VERSION,
                "Applied",
                changes,
                pruned,
                ports(applied.reserved()),
                ports(applied.released()),
                settings,
                warnings);
        return new Reply(view, () -> text(view));
    }

    private static List<String> ports(List<Reservation> reservations) {
        return reservations.stream()
                .map(each -> each.port() + " for " + each.holder())
                .toList();
    }

    private static String text(AppliedView view) {
        TextTable table = TextTable.of("SERVICE", "CHANGE", "VERSION");
        view.services().forEach(each -> table.row(each.service(), each.change(), each.resourceVersion()));
        view.pruned().forEach(each -> table.row(each, "Deleted", ""));
        StringBuilder text = new StringBuilder(table.isEmpty() ? "The file declares nothing.\n" : table.toString());
        view.reserved().forEach(each -> text.append("reserved: ").append(each).append('\n'));
        view.released().forEach(each -> text.append("released: ").append(each).append('\n'));
        view.settings()
                .forEach(each -> text.append("setting ")
                        .append(each.setting())
                        .append(": ")
                        .append(each.before())
                        .append(" → ")
                        .append(each.after())
                        .append('\n'));
        view.warnings()
                .forEach(each ->
                        text.append("warning: ").append(Warnings.words(each)).append('\n'));
        return text.toString();
    }
}
