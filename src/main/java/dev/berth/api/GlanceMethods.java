package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.model.Condition;
import dev.berth.model.Instances;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Short answers about one service, for scripts. */
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public abstract class GlanceMethods {
    private static final int UNHEALTHY = 503;

    private final Backend backend;
    private final CurrentCaller caller;

    GlanceMethods(Backend backend, CurrentCaller caller) {
        this.backend = backend;
        this.caller = caller;
    }

    record PortAnswer(String service, int port, String protocol) {}

    /**
     * @param healthy whether it runs, has its port and passes its check
     * @param expected whether it should be: neither kept stopped nor only guarded
     * @param detail what was seen, as far as the reader may know it
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record HealthAnswer(
            String service, boolean healthy, boolean expected, String state, String detail, Optional<String> since) {
        static HealthAnswer of(Instances instances, boolean full) {
            Service service = instances.first();
            Optional<Condition> ready = instances.ready();
            return new HealthAnswer(
                    service.key().toString(),
                    ready.filter(each -> each.status() == Condition.Status.TRUE).isPresent(),
                    service.spec().running() && !service.spec().isObserved(),
                    Wire.camel(instances.state()),
                    ready.map(each -> OpenWords.sentence(each, full)).orElseGet(() -> ServiceView.why(instances, full)),
                    ready.map(each -> Wire.time(each.lastTransitionTime())));
        }

        String verdict() {
            return healthy ? "healthy" : expected ? "unhealthy" : state.toLowerCase(Locale.ROOT);
        }

        boolean isAsWanted() {
            return healthy || !expected;
        }
    }

    @GET
    @Path("/{name}/port")
    @Operation(summary = "The port that the service has; as text the bare number. 409 while it has none")
    public Response port(@PathParam("name") String name, @Context UriInfo uri) {
        new Query(uri).end();
        Service service = existing(name, uri);
        PortKey port = service.assigned()
                .orElseThrow(() ->
                        Problems.conflict("the service " + service.key().name() + " has no port now: "
                                + ServiceView.why(
                                        Instances.of(service, backend.registry().services()), isOpen(service))));
        PortAnswer answer = new PortAnswer(
                service.key().toString(), port.port(), port.protocol().label());
        return Response.ok(new Reply(answer, () -> port.port() + "\n")).build();
    }

    @GET
    @Path("/{name}/health")
    @Operation(summary = "Is the service healthy? 200 when it is, 503 when not, with what was seen")
    public Response health(@PathParam("name") String name, @Context UriInfo uri) {
        new Query(uri).end();
        Service service = existing(name, uri);
        HealthAnswer answer =
                HealthAnswer.of(Instances.of(service, backend.registry().services()), isOpen(service));
        return Response.status(answer.healthy() ? Response.Status.OK.getStatusCode() : UNHEALTHY)
                .entity(new Reply(answer, () -> table(List.of(answer))))
                .build();
    }

    static String table(List<HealthAnswer> answers) {
        if (answers.isEmpty()) {
            return "No services are declared here.\n";
        }
        TextTable table = TextTable.of("SERVICE", "HEALTH", "STATE", "SINCE", "DETAIL");
        answers.forEach(each -> table.row(
                each.service(), each.verdict(), each.state(), each.since().orElse("-"), each.detail()));
        return table.toString();
    }

    private boolean isOpen(Service service) {
        return backend.permissions().mayReadSecrets(service, caller.get());
    }

    private Service existing(String name, UriInfo uri) {
        ServiceKey key = ServiceAddress.instance(name, uri, caller.get());
        return backend.registry()
                .service(key)
                .orElseThrow(() -> Problems.notFound("service " + key.name() + " in the namespace " + key.namespace()));
    }
}
