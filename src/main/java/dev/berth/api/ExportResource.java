package dev.berth.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.config.StackWriter;
import dev.berth.config.YamlText;
import dev.berth.control.Stacks;
import dev.berth.model.Caller;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.UncheckedIOException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Everything that was declared and is the caller's, or all of it for administrators, as a {@code berth.yaml} that makes the same of an empty Berth. */
@Singleton
@Path("/export")
@Produces({ReplyWriter.YAML, ReplyWriter.JSON, ReplyWriter.TEXT})
public class ExportResource {
    private static final ObjectMapper YAML = new ObjectMapper(YamlText.factory());

    private final Backend backend;
    private final CurrentCaller caller;

    ExportResource(Backend backend, CurrentCaller caller) {
        this.backend = backend;
        this.caller = caller;
    }

    @GET
    @Operation(summary = "Settings that differ from their defaults, services and reservations, as a berth.yaml")
    public Response export(@Context UriInfo uri) {
        new Query(uri).end();
        Caller reader = caller.get();
        Permissions permissions = backend.permissions();
        List<Service> services = backend.registry().services().stream()
                .filter(service -> !service.key().isReplica())
                .filter(service -> service.metadata().deletionTimestamp().isEmpty())
                .filter(service -> permissions.mayReadSecrets(service, reader))
                .toList();
        List<Reservation> reservations = backend.registry().reservations().stream()
                .filter(each -> permissions.mayReadSecrets(each.owner(), reader))
                .toList();
        ObjectNode file = StackWriter.write(backend.settings().get(), services, reservations, Stacks.STACK_ANNOTATION);
        return Response.ok(new Reply(file, () -> yaml(file))).build();
    }

    private static String yaml(ObjectNode file) {
        try {
            return YAML.writeValueAsString(file);
        } catch (JsonProcessingException defect) {
            throw new UncheckedIOException(defect);
        }
    }
}
