package dev.berth.api;

import dev.berth.model.Caller;
import dev.berth.model.ObjectRef;
import dev.berth.store.StoreException;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** What changes, as it changes: server-sent events from the journal. */
@Singleton
@Path("/watch")
public class WatchResource {
    private static final String ALLOWED = WatchFeed.KINDS.stream()
            .map(ObjectRef.Kind::label)
            .sorted()
            .collect(Collectors.joining(", ", "one of ", ""));

    private final Backend backend;
    private final Watches watches;
    private final CurrentCaller caller;

    WatchResource(Backend backend, Watches watches, CurrentCaller caller) {
        this.backend = backend;
        this.watches = watches;
        this.caller = caller;
    }

    @GET
    @Blocking
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            summary = "added, modified, deleted and bookmark events; resumes after resourceVersion or Last-Event-ID",
            description =
                    "A service with several instances is told as a whole, with every change of one of them: as all of"
                            + " them are when the event is sent, which may be newer than the change that it is about.")
    public Multi<OutboundSseEvent> watch(
            @Context UriInfo uri, @Context Sse sse, @HeaderParam("Last-Event-ID") @Nullable String lastEvent)
            throws StoreException {
        Query query = new Query(uri);
        OptionalLong version = query.number("resourceVersion", 0, Long.MAX_VALUE);
        Optional<ObjectRef.Kind> kind = query.parsed("kind", ALLOWED, WatchResource::kind);
        // A client that comes back says where it was, whatever its address said at first.
        OptionalLong after = lastEvent == null || lastEvent.isBlank() ? version : version(lastEvent, query);
        query.end();
        Set<ObjectRef.Kind> kinds = kind.map(Set::of).orElse(WatchFeed.KINDS);
        Permissions permissions = backend.permissions();
        Caller reader = caller.get();
        return watches.watch(kinds, after, reader, owner -> permissions.mayReadSecrets(owner, reader), caller.hangUp())
                .map(event -> outbound(sse, event));
    }

    private static OptionalLong version(String lastEvent, Query query) {
        try {
            return OptionalLong.of(Long.parseUnsignedLong(lastEvent.trim()));
        } catch (NumberFormatException e) {
            query.fault(HttpHeaders.LAST_EVENT_ID_HEADER, "the id of an event that was received", lastEvent);
            return OptionalLong.empty();
        }
    }

    private static ObjectRef.Kind kind(String label) {
        return WatchFeed.KINDS.stream()
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kind"));
    }

    private static OutboundSseEvent outbound(Sse sse, WatchEvent event) {
        if (event.type().isEmpty()) {
            return sse.newEventBuilder().comment("still there").build();
        }
        OutboundSseEvent.Builder built =
                sse.newEventBuilder().name(event.type()).data(String.class, event.data());
        event.id().ifPresent(id -> built.id(Long.toString(id)));
        return built.build();
    }
}
