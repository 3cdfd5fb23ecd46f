package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.berth.config.DeclaredService;
import dev.berth.config.Document;
import dev.berth.config.Reading;
import dev.berth.config.Settings;
import dev.berth.config.SpecRules;
import dev.berth.config.StackFile;
import dev.berth.config.StackReader;
import dev.berth.control.Applied;
import dev.berth.control.Declaration;
import dev.berth.control.Planned;
import dev.berth.model.Fault;
import dev.berth.model.ServiceKey;
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
import java.util.Map;
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
    private final CurrentCaller caller;

    ApplyResource(Backend backend, CurrentCaller caller) {
        this.backend = backend;
        this.caller = caller;
    }

    /** What became of each declaration. */
    @JsonPropertyOrder({"apiVersion", "kind", "services", "pruned", "warnings"})
    record AppliedView(
            String apiVersion, String kind, List<ChangeView> services, List<String> pruned, List<Fault> warnings) {
        record ChangeView(String service, String change, String resourceVersion) {}
    }

    @POST
    @Consumes({Bodies.JSON, Bodies.YAML, Bodies.X_YAML, Bodies.TEXT_YAML})
    @Operation(summary = "Declare a whole berth.yaml, all or nothing (base, prune, dryRun)")
    public Response apply(@Context UriInfo uri, @Context HttpHeaders headers, byte @Nullable [] body) {
        Query query = new Query(uri);
        boolean dryRun = query.dryRun();
        boolean prune = query.flag("prune");
        Optional<java.nio.file.Path> base = query.parsed("base", "an absolute directory", ApplyResource::directory);
        query.end();
        List<Document> documents = Bodies.all(body, headers);
        SpecRules rules = base.map(backend.specRules()::startingAt).orElseGet(backend::specRules);
        Reading<StackFile> reading =
                StackReader.read(documents, rules, ServiceKey.DEFAULT_NAMESPACE, backend::declaredSpec);
        if (reading instanceof Reading.Refused<StackFile> refused) {
            throw Problems.invalid("the file", refused.faults());
        }
        Reading.Valid<StackFile> valid = (Reading.Valid<StackFile>) reading;
        StackFile file = valid.value();
        requireSense(file, prune);
        List<Declaration> declarations = file.services().stream()
                .map(each -> new Declaration(each.key(), each.spec(), each.labels(), each.annotations()))
                .toList();
        if (dryRun) {
            List<Planned> planned = Stored.answer(
                    () -> backend.control().declarations().planAll(declarations, file.stack(), prune, caller.user()));
            return Response.ok(PlanView.reply(
                            PlanView.steps(planned), Warnings.of(backend, declarations, valid.warnings())))
                    .build();
        }
        Applied applied = Stored.answer(
                () -> backend.control().declarations().applyAll(declarations, file.stack(), prune, caller.user()));
        return Response.ok(reply(applied, Warnings.of(backend, declarations, valid.warnings())))
                .build();
    }

    /** What can't be done as a whole is refused as a whole. */
    private void requireSense(StackFile file, boolean prune) {
        if (prune && file.stack().isEmpty()) {
            throw Problems.invalid(
                    "the file",
                    List.of(new Fault("stack", "prune=true needs the name of the stack that it prunes", "")));
        }
        List<Fault> faults = new ArrayList<>();
        Map<String, String> settings = file.settings();
        for (Settings.Effective each : backend.settings().get().all()) {
            String wanted = settings.get(each.setting().key());
            if (wanted != null && !each.setting().parser().apply(wanted).equals(each.value())) {
                faults.add(new Fault(
                        "settings." + each.setting().key(),
                        "is \"" + each.text() + "\" here (from " + each.source() + "), and this call changes services"
                                + " only: start Berth with " + each.setting().environmentName() + "=" + wanted
                                + ", or leave it out",
                        wanted));
            }
        }
        if (!faults.isEmpty()) {
            throw Problems.invalid("the file", faults);
        }
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

    private static Reply reply(Applied applied, List<Fault> warnings) {
        List<AppliedView.ChangeView> changes = applied.services().stream()
                .map(each -> new AppliedView.ChangeView(
                        each.service().key().toString(),
                        Wire.camel(each.change()),
                        Long.toString(each.service().resourceVersion())))
                .toList();
        List<String> pruned =
                applied.pruned().stream().map(ServiceKey::toString).toList();
        AppliedView view = new AppliedView(Wire.API_VERSION, "Applied", changes, pruned, warnings);
        return new Reply(view, () -> text(view));
    }

    private static String text(AppliedView view) {
        TextTable table = TextTable.of("SERVICE", "CHANGE", "VERSION");
        view.services().forEach(each -> table.row(each.service(), each.change(), each.resourceVersion()));
        view.pruned().forEach(each -> table.row(each, "Deleted", ""));
        StringBuilder text = new StringBuilder(table.isEmpty() ? "The file declares nothing.\n" : table.toString());
        view.warnings()
                .forEach(each ->
                        text.append("warning: ").append(Warnings.words(each)).append('\n'));
        return text.toString();
    }
}
