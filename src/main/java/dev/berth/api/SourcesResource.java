package dev.berth.api;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The watched file and other sources of declarations, and whether what they say is what is declared. */
@Singleton
@Path("/sources")
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public class SourcesResource {
    private final SourceWatches watches;
    private final Backend backend;
    private final CurrentCaller caller;

    SourcesResource(SourceWatches watches, Backend backend, CurrentCaller caller) {
        this.watches = watches;
        this.backend = backend;
        this.caller = caller;
    }

    @GET
    @Operation(summary = "Each text of each source of declarations: applied, or refused with its faults")
    public Response list(@Context UriInfo uri) {
        new Query(uri).end();
        boolean whole = backend.permissions().mayReadOwn(caller.get());
        List<SourceState> states = watches.states().stream()
                .map(each -> whole ? each : each.withoutWords())
                .toList();
        return Response.ok(new Reply(
                        ListView.of("SourceList", states, Optional.empty(), Optional.empty()), () -> table(states)))
                .build();
    }

    private static String table(List<SourceState> states) {
        if (states.isEmpty()) {
            return "No source of declarations is watched; start Berth with -f berth.yaml.\n";
        }
        TextTable table = TextTable.of("SOURCE", "TEXT", "STATE", "SINCE", "APPLIED", "MESSAGE");
        for (SourceState each : states) {
            table.row(
                    each.source(),
                    each.text(),
                    each.state().word(),
                    each.since(),
                    each.appliedAt().orElse("never"),
                    each.message().orElse(""));
            each.errors().forEach(fault -> table.row("", "", "", "", "", Warnings.words(fault)));
        }
        return table.toString();
    }
}
