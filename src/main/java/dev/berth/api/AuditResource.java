package dev.berth.api;

import dev.berth.control.Authority;
import dev.berth.model.AuditRecord;
import dev.berth.model.Caller;
import dev.berth.model.ServiceKey;
import dev.berth.store.Store;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Who did what to what, why, and with what result. */
@Singleton
@Path("/audit")
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public class AuditResource {
    private final Backend backend;
    private final CurrentCaller caller;

    AuditResource(Backend backend, CurrentCaller caller) {
        this.backend = backend;
        this.caller = caller;
    }

    @GET
    @Operation(summary = "Audit records, newest first (service, actor, action, conflict, since, before, limit)")
    public Response list(@Context UriInfo uri) {
        Query query = new Query(uri);
        Optional<ServiceKey> service = query.service(caller.get());
        Optional<String> actor = query.text("actor");
        Optional<String> action = query.text("action");
        Optional<String> conflict = query.text("conflict");
        Optional<Instant> since = query.since(backend.clock().instant());
        OptionalLong before = query.number("before", 0, Long.MAX_VALUE);
        int limit = query.limit();
        query.end();
        List<AuditRecord> records = Stored.answer(() ->
                backend.store().audit(new Store.AuditQuery(service, actor, action, conflict, since, before, limit)));
        Optional<String> next = records.size() < limit
                ? Optional.empty()
                : Optional.of(Long.toString(records.get(records.size() - 1).seq()));
        Authority authority = backend.authority();
        Caller reader = caller.get();
        List<AuditView> shown = records.stream()
                .map(each -> AuditView.of(each).forReader(authority.mayReadWords(reader, each.entry())))
                .toList();
        ListView<AuditView> view = ListView.of("AuditList", shown, Optional.empty(), next);
        return Response.ok(new Reply(
                        view,
                        () -> AuditView.table(shown)
                                + next.map(seq -> "There may be more: add ?before=" + seq + "\n")
                                        .orElse("")))
                .build();
    }

    @GET
    @Path("/verify")
    @Operation(summary = "Is the chain of the audit log whole?")
    public Response verify(@Context UriInfo uri) {
        new Query(uri).end();
        Store.AuditVerification result = Stored.answer(() -> backend.store().verifyAudit());
        AuditView.Verification view =
                new AuditView.Verification(result.valid(), result.records(), result.brokenAt(), result.reason());
        return Response.ok(new Reply(view, () -> sentence(result))).build();
    }

    private static String sentence(Store.AuditVerification result) {
        if (result.valid()) {
            return "The audit log is whole: " + result.records() + " records, each chained to the one before it.\n";
        }
        String where = result.brokenAt().isPresent()
                ? " at record " + result.brokenAt().getAsLong()
                : "";
        return "The audit log is BROKEN" + where + ": " + result.reason().orElse("the chain doesn't fit") + "\n";
    }
}
