package dev.berth.api;

import dev.berth.control.RunRequests;
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
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The calls about services, the same at {@code /services} and under a namespace. */
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public abstract class ServiceMethods {
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /** Each is stored with its service; a UUID has 36. */
    private static final int LONGEST_KEY = 128;

    private final Backend backend;
    private final ServiceCalls calls;
    private final CurrentCaller caller;

    ServiceMethods(Backend backend, CurrentCaller caller) {
        this.backend = backend;
        this.calls = new ServiceCalls(backend);
        this.caller = caller;
    }

    @GET
    @Operation(summary = "The services of the namespace, by name (labelSelector, limit, continue, usage)")
    public Response list(@Context UriInfo uri) {
        String namespace = ServiceAddress.namespace(uri, caller.get());
        if (!ServiceKey.isLabel(namespace)) {
            throw Problems.notFound("namespace \"" + Wire.quote(namespace) + "\"");
        }
        return Response.ok(ServiceList.of(backend, namespace, new Query(uri), caller.get()))
                .build();
    }

    @GET
    @Path("/{name}")
    @Operation(summary = "One service: what is wanted, what was seen, and what it uses of the machine")
    public Response get(@PathParam("name") String name, @Context UriInfo uri) {
        new Query(uri).end();
        return calls.get(ServiceAddress.instance(name, uri, caller.get()), caller.get());
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
        ServiceKey key = ServiceAddress.named(name, uri, caller.get());
        return calls.put(key, Bodies.one(body, headers), ifMatch(headers), dryRun, caller.get());
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
        ServiceKey key = ServiceAddress.existing(name, uri, caller.get());
        return calls.patch(key, Bodies.one(body, headers), ifMatch(headers), dryRun, caller.get());
    }

    @DELETE
    @Path("/{name}")
    @Operation(summary = "Stop the service gracefully and give its port back; its history stays")
    public Response delete(@PathParam("name") String name, @Context UriInfo uri, @Context HttpHeaders headers) {
        Query query = new Query(uri);
        boolean dryRun = query.dryRun();
        query.end();
        return calls.delete(ServiceAddress.existing(name, uri, caller.get()), ifMatch(headers), dryRun, caller.get());
    }

    @POST
    @Path("/{name}/start")
    @Operation(summary = "Let the service run; one that is down is tried again (port)")
    public Response start(@PathParam("name") String name, @Context UriInfo uri, @Context HttpHeaders headers) {
        return ask(name, RunRequests.Verb.START, uri, headers);
    }

    @POST
    @Path("/{name}/stop")
    @Operation(summary = "Keep the service stopped, and give its port back (force)")
    public Response stop(@PathParam("name") String name, @Context UriInfo uri, @Context HttpHeaders headers) {
        return ask(name, RunRequests.Verb.STOP, uri, headers);
    }

    @POST
    @Path("/{name}/restart")
    @Operation(summary = "Restart the service once, however often the same Idempotency-Key asks (force, port)")
    public Response restart(@PathParam("name") String name, @Context UriInfo uri, @Context HttpHeaders headers) {
        return ask(name, RunRequests.Verb.RESTART, uri, headers);
    }

    private Response ask(String name, RunRequests.Verb verb, UriInfo uri, HttpHeaders headers) {
        Query query = new Query(uri);
        boolean dryRun = query.dryRun();
        boolean force = query.flag("force");
        OptionalInt port = query.port("port");
        query.end();
        Optional<String> key = Optional.ofNullable(headers.getHeaderString(IDEMPOTENCY_KEY));
        if (key.filter(given -> given.isBlank() || given.length() > LONGEST_KEY).isPresent()) {
            throw Problems.invalid(
                    "the request",
                    List.of(new Fault(
                            IDEMPOTENCY_KEY, "1 to " + LONGEST_KEY + " characters", Wire.quote(key.orElseThrow()))));
        }
        return calls.ask(
                ServiceAddress.existing(name, uri, caller.get()),
                new RunRequests.Wish(verb, force, port, key),
                dryRun,
                caller.get());
    }

    private static IfMatch ifMatch(HttpHeaders headers) {
        return IfMatch.parse(Optional.ofNullable(headers.getHeaderString(HttpHeaders.IF_MATCH)));
    }
}
