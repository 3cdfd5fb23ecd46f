package dev.berth.api;

import dev.berth.model.ServiceKey;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The calls about services, the same at {@code /services} and under a namespace. */
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public abstract class ServiceMethods {
    private final Backend backend;
    private final ServiceCalls calls;
    private final CurrentCaller caller;

    ServiceMethods(Backend backend, CurrentCaller caller) {
        this.backend = backend;
        this.calls = new ServiceCalls(backend);
        this.caller = caller;
    }

    @GET
    @Operation(summary = "The services of the namespace, by name (labelSelector, limit, continue)")
    public Response list(@Context UriInfo uri) {
        String namespace = ServiceAddress.namespace(uri);
        if (!ServiceKey.isLabel(namespace)) {
            throw Problems.notFound("namespace \"" + Wire.quote(namespace) + "\"");
        }
        return Response.ok(ServiceList.of(backend, namespace, new Query(uri))).build();
    }

    @GET
    @Path("/{name}")
    @Operation(summary = "One service: what is wanted, and what was seen")
    public Response get(@PathParam("name") String name, @Context UriInfo uri) {
        new Query(uri).end();
        return calls.get(ServiceAddress.existing(name, uri));
    }

    @PUT
    @Path("/{name}")
    @Consumes({Bodies.JSON, Bodies.YAML, Bodies.X_YAML, Bodies.TEXT_YAML})
    @Operation(summary = "Declare a service; the body is a spec, or a whole object when it has a kind")
    public Response put(
            @PathParam("name") String name,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            byte @Nullable [] body) {
        Query query = new Query(uri);
        boolean dryRun = query.dryRun();
        query.end();
        ServiceKey key = ServiceAddress.named(name, uri);
        return calls.put(key, Bodies.one(body, headers), ifMatch(headers), dryRun, caller.user());
    }

    @PATCH
    @Path("/{name}")
    @Consumes({Bodies.MERGE_PATCH, Bodies.JSON, Bodies.YAML, Bodies.X_YAML, Bodies.TEXT_YAML})
    @Operation(summary = "Change a service by a JSON merge patch of its spec")
    public Response patch(
            @PathParam("name") String name,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            byte @Nullable [] body) {
        Query query = new Query(uri);
        boolean dryRun = query.dryRun();
        query.end();
        ServiceKey key = ServiceAddress.existing(name, uri);
        return calls.patch(key, Bodies.one(body, headers), ifMatch(headers), dryRun, caller.user());
    }

    @DELETE
    @Path("/{name}")
    @Operation(summary = "Stop the service gracefully and give its port back; its history stays")
    public Response delete(@PathParam("name") String name, @Context UriInfo uri, @Context HttpHeaders headers) {
        Query query = new Query(uri);
        boolean dryRun = query.dryRun();
        query.end();
        return calls.delete(ServiceAddress.existing(name, uri), ifMatch(headers), dryRun, caller.user());
    }

    @POST
    @Path("/{name}/start")
    @Operation(summary = "Let the service run")
    public Response start(@PathParam("name") String name, @Context UriInfo uri) {
        return run(name, true, uri);
    }

    @POST
    @Path("/{name}/stop")
    @Operation(summary = "Keep the service stopped, and give its port back")
    public Response stop(@PathParam("name") String name, @Context UriInfo uri) {
        return run(name, false, uri);
    }

    @POST
    @Path("/{name}/restart")
    @Operation(summary = "Restart the service once")
    public Response restart(@PathParam("name") String name, @Context UriInfo uri) {
        Query query = new Query(uri);
        query.dryRun();
        query.flag("force");
        query.port("port");
        query.end();
        return calls.restart(ServiceAddress.existing(name, uri));
    }

    private Response run(String name, boolean running, UriInfo uri) {
        Query query = new Query(uri);
        boolean dryRun = query.dryRun();
        query.end();
        return calls.run(ServiceAddress.existing(name, uri), running, dryRun, caller.user());
    }

    private static IfMatch ifMatch(HttpHeaders headers) {
        return IfMatch.parse(Optional.ofNullable(headers.getHeaderString(HttpHeaders.IF_MATCH)));
    }
}
