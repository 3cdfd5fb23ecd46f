package dev.berth.api;

import dev.berth.model.Fault;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The calls about services, the same at {@code /services} and under a namespace. */
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public abstract class ServiceMethods {
    private static final String NAMESPACE = "namespace";

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
        String namespace = namespace(uri);
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
        return calls.get(existing(name, uri));
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
        ServiceKey key = named(name, uri);
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
        ServiceKey key = existing(name, uri);
        return calls.patch(key, Bodies.one(body, headers), ifMatch(headers), dryRun, caller.user());
    }

    @DELETE
    @Path("/{name}")
    @Operation(summary = "Stop the service gracefully and give its port back; its history stays")
    public Response delete(@PathParam("name") String name, @Context UriInfo uri, @Context HttpHeaders headers) {
        Query query = new Query(uri);
        boolean dryRun = query.dryRun();
        query.end();
        return calls.delete(existing(name, uri), ifMatch(headers), dryRun, caller.user());
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
        return calls.restart(existing(name, uri));
    }

    private Response run(String name, boolean running, UriInfo uri) {
        Query query = new Query(uri);
        boolean dryRun = query.dryRun();
        query.end();
        return calls.run(existing(name, uri), running, dryRun, caller.user());
    }

    private static IfMatch ifMatch(HttpHeaders headers) {
        return IfMatch.parse(Optional.ofNullable(headers.getHeaderString(HttpHeaders.IF_MATCH)));
    }

    /** The namespace of the address, or the caller's own: one person runs this Berth. */
    private static String namespace(UriInfo uri) {
        List<String> given = uri.getPathParameters().getOrDefault(NAMESPACE, List.of());
        return given.isEmpty() ? ServiceKey.DEFAULT_NAMESPACE : given.get(0);
    }

    /** For a service that is about to be declared: tells what is wrong with its name. */
    private static ServiceKey named(String name, UriInfo uri) {
        List<Fault> faults = new ArrayList<>();
        String namespace = namespace(uri);
        String allowed = "1 to 63 lower-case letters, digits and inner hyphens";
        if (!ServiceKey.isLabel(name)) {
            faults.add(new Fault("metadata.name", allowed, Wire.quote(name)));
        }
        if (!ServiceKey.isLabel(namespace)) {
            faults.add(new Fault("metadata.namespace", allowed, Wire.quote(namespace)));
        }
        if (!faults.isEmpty()) {
            throw Problems.invalid("the address", faults);
        }
        return new ServiceKey(namespace, name);
    }

    /** For a service that is there already: one with such a name can't be. */
    private static ServiceKey existing(String name, UriInfo uri) {
        String namespace = namespace(uri);
        if (!ServiceKey.isLabel(name) || !ServiceKey.isLabel(namespace)) {
            throw Problems.notFound("service " + Wire.quote(name) + " in the namespace " + Wire.quote(namespace));
        }
        return new ServiceKey(namespace, name);
    }
}
