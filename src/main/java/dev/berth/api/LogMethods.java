package dev.berth.api;

import dev.berth.logs.LogReader;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What a service wrote, the same at {@code /services} and under a namespace. */
public abstract class LogMethods {
    /** Who names nothing, or anything, in Accept wants the text: the qs of the others is less. */
    private static final String LESS = ";qs=0.9";

    private static final List<MediaType> FORMS = Stream.of(ReplyWriter.TEXT, ReplyWriter.JSON, ReplyWriter.YAML)
            .map(MediaType::valueOf)
            .toList();

    private final Backend backend;
    private final LogStreams logs;
    private final CurrentCaller caller;

    LogMethods(Backend backend, LogStreams logs, CurrentCaller caller) {
        this.backend = backend;
        this.logs = logs;
        this.caller = caller;
    }

    /** The log as an object. */
    record LogView(List<String> lines) {
        String text() {
            return LogStream.text(lines);
        }
    }

    @GET
    @Path("/{name}/logs")
    @Blocking
    @Produces(ReplyWriter.TEXT)
    @Operation(summary = "The last lines of the service's log, and new ones as they come (tail, errors, follow)")
    public Multi<String> text(@PathParam("name") String name, @Context UriInfo uri, @Context HttpHeaders headers) {
        requireAcceptable(headers);
        Query query = new Query(uri);
        LogReader.Selection wanted = selection(query);
        boolean follow = query.flag("follow");
        query.end();
        Service service = withLog(name, uri);
        return logs.stream(service, wanted, follow, caller.get(), caller.hangUp());
    }

    @GET
    @Path("/{name}/logs")
    @Blocking
    @Produces({ReplyWriter.JSON + LESS, ReplyWriter.YAML + LESS})
    @Operation(summary = "The last lines of the service's log (tail, errors)")
    public Response object(@PathParam("name") String name, @Context UriInfo uri, @Context HttpHeaders headers) {
        requireAcceptable(headers);
        Query query = new Query(uri);
        LogReader.Selection wanted = selection(query);
        if (query.flag("follow")) {
            query.fault("follow", "only text can be followed; say Accept: text/plain, or leave it out", "true");
        }
        query.end();
        LogView view = new LogView(logs.tail(withLog(name, uri).key(), wanted, caller.get()));
        return Response.ok(new Reply(view, view::text)).build();
    }

    /** Where two methods share an address, the framework calls one of them whatever Accept says. */
    private static void requireAcceptable(HttpHeaders headers) {
        if (headers.getAcceptableMediaTypes().stream()
                .noneMatch(accepted -> FORMS.stream().anyMatch(accepted::isCompatible))) {
            throw new NotAcceptableException();
        }
    }

    private static LogReader.Selection selection(Query query) {
        int tail = (int) query.number("tail", 0, LogReader.MOST_LINES).orElse(LogReader.DEFAULT_LINES);
        return new LogReader.Selection(tail, query.flag("errors"));
    }

    private Service withLog(String name, UriInfo uri) {
        ServiceKey key = ServiceAddress.instance(name, uri, caller.get());
        Service service = backend.registry()
                .service(key)
                .orElseThrow(() -> Problems.notFound("service " + key.name() + " in the namespace " + key.namespace()));
        backend.permissions().requireSecrets(service, caller.get(), "the log");
        if (service.spec().isObserved()) {
            throw Problems.conflict(
                    "the service " + key.name() + " is observed: it has no command, so there is no log");
        }
        return service;
    }
}
