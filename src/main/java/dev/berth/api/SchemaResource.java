package dev.berth.api;

import dev.berth.config.StackSchema;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What editors complete and check a {@code berth.yaml} with. */
@Singleton
@Path("/schema.json")
@Produces({ReplyWriter.JSON, ReplyWriter.YAML})
public class SchemaResource {
    private final Backend backend;

    SchemaResource(Backend backend) {
        this.backend = backend;
    }

    @GET
    @Operation(summary = "The JSON Schema of berth.yaml, with the health checks of this Berth's plugins")
    public Response schema(@Context UriInfo uri) {
        new Query(uri).end();
        var schema = StackSchema.of(backend.specRules());
        return Response.ok(new Reply(schema, schema::toPrettyString)).build();
    }
}
