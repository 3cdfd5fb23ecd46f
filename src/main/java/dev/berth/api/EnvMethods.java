package dev.berth.api;

import dev.berth.launch.ToldPorts;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * The ports that a service is told, as lines of a {@code .env} file unless JSON or YAML is asked for. Nothing else of its
 * environment is shown: there may be secrets in it.
 */
@Produces({ReplyWriter.TEXT, ReplyWriter.JSON, ReplyWriter.YAML})
public abstract class EnvMethods {
    private final Backend backend;
    private final CurrentCaller caller;

    EnvMethods(Backend backend, CurrentCaller caller) {
        this.backend = backend;
        this.caller = caller;
    }

    @GET
    @Operation(summary = "The ports that the service and what it depends on were given, as .env lines or an object")
    public Response env(@PathParam("name") String name, @Context UriInfo uri) {
        new Query(uri).end();
        ServiceKey key = ServiceAddress.instance(name, uri, caller.get());
        Service service = backend.registry()
                .service(key)
                .orElseThrow(() -> Problems.notFound("service " + key.name() + " in the namespace " + key.namespace()));
        backend.permissions().requireSecrets(service, caller.get(), "the environment");
        ToldPorts told = backend.launches().told(service, backend.registry().services());
        return Response.ok(new Reply(told.variables(), () -> lines(told))).build();
    }

    /** What is not known yet is a comment, so that the file can be used as it is. */
    private static String lines(ToldPorts told) {
        StringBuilder lines = new StringBuilder();
        told.variables()
                .forEach((name, value) ->
                        lines.append(name).append('=').append(value).append('\n'));
        told.waiting().forEach(name -> lines.append("# ").append(name).append(" has no port yet\n"));
        return lines.toString();
    }
}
