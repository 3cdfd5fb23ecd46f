package dev.berth.api;

import dev.berth.config.Document;
import dev.berth.config.Reading;
import dev.berth.config.ReservationReader;
import dev.berth.control.LeaseAnswer;
import dev.berth.control.Reservations;
import dev.berth.control.Reserved;
import dev.berth.model.Fault;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.ReservationRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Ports promised to holders. */
@Singleton
@Path("/reservations")
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public class ReservationsResource {
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;

    /** What is told of a used-up range: more than a person reads, and still an answer that any client takes. */
    private static final int MOST_HOLDERS = 2_000;

    private final Backend backend;
    private final CurrentCaller caller;

    ReservationsResource(Backend backend, CurrentCaller caller) {
        this.backend = backend;
        this.caller = caller;
    }

    private Reservations reservations() {
        return backend.control().reservations();
    }

    @POST
    @Consumes({Bodies.JSON, Bodies.YAML, Bodies.X_YAML, Bodies.TEXT_YAML})
    @Operation(summary = "Reserve a port, or some of a range: all that is asked for, or 409 with what holds each port")
    public Response reserve(@Context UriInfo uri, @Context HttpHeaders headers, byte @Nullable [] body) {
        Query query = new Query(uri);
        boolean dryRun = query.dryRun();
        query.end();
        backend.permissions().requireChanges(caller.get());
        Document document = Bodies.one(body, headers);
        Reading.Valid<ReservationRequest> read =
                Bodies.valid(ReservationReader.request(document.tree()), document, "the reservation");
        Reserved reserved = Stored.answer(() -> reservations().reserve(read.value(), caller.get(), dryRun));
        if (reserved instanceof Reserved.UsedUp usedUp) {
            throw refusal(usedUp);
        } else if (reserved instanceof Reserved.Invalid invalid) {
            throw Problems.invalid("the reservation", document.locate(List.of(invalid.fault())));
        }
        Reserved.Made made = (Reserved.Made) reserved;
        List<Fault> warnings = new ArrayList<>(read.warnings());
        made.warnings().forEach(words -> warnings.add(new Fault("", words, "")));
        if (dryRun) {
            List<PlanView.Step> steps = made.reservations().stream()
                    .map(each -> step("ReservePort", each, "it is free"))
                    .toList();
            return Response.ok(PlanView.reply(steps, warnings)).build();
        }
        boolean several = read.value().count() > 1;
        Response.ResponseBuilder answer = Response.status(Response.Status.CREATED)
                .entity(
                        several
                                ? ReservationView.reply(
                                        made.reservations(), backend.registry().resourceVersion(), Optional.empty())
                                : ReservationView.reply(made.reservations().get(0)));
        if (!several) {
            answer.header("Location", location(made.reservations().get(0).port()));
        }
        Warnings.headers(warnings).forEach(each -> answer.header("Warning", each));
        return answer.build();
    }

    /** A port that can't be had, as it is told. */
    record Obstacle(int port, String protocol, String holder) {}

    static RuntimeException refusal(Reserved.UsedUp usedUp) {
        List<Reserved.Obstacle> told =
                usedUp.obstacles().stream().limit(MOST_HOLDERS).toList();
        List<Fault> errors = new ArrayList<>();
        told.forEach(each -> errors.add(
                new Fault("port", each.why(), Integer.toString(each.port().port()))));
        if (told.size() < usedUp.obstacles().size()) {
            errors.add(new Fault("port", "and " + (usedUp.obstacles().size() - told.size()) + " more", ""));
        }
        return Problems.problem(CONFLICT, usedUp.reason() + "; nothing was reserved")
                .with(Problems.ERRORS, errors)
                .with(
                        "holders",
                        told.stream()
                                .map(each -> new Obstacle(
                                        each.port().port(),
                                        each.port().protocol().label(),
                                        each.why()))
                                .toList())
                .build();
    }

    @GET
    @Operation(summary = "Every reservation by port (holder, protocol, limit, continue)")
    public Response list(@Context UriInfo uri) {
        Query query = new Query(uri);
        Optional<String> holder = query.text("holder");
        Optional<Protocol> protocol = query.protocol();
        int limit = (int) query.number("limit", 1, Query.MOST).orElse(Query.MOST);
        Optional<PortKey> after =
                query.parsed("continue", "what a list gave under metadata.continue", ReservationsResource::key);
        query.end();
        long version = backend.registry().resourceVersion();
        List<Reservation> all = backend.registry().reservations().stream()
                .filter(each ->
                        holder.filter(name -> !name.equals(each.holder())).isEmpty())
                .filter(each ->
                        protocol.filter(one -> one != each.port().protocol()).isEmpty())
                .filter(each ->
                        after.filter(key -> key.compareTo(each.port()) >= 0).isEmpty())
                .toList();
        List<Reservation> page = all.stream().limit(limit).toList();
        Optional<String> next =
                all.size() > limit ? Optional.of(token(page.get(page.size() - 1).port())) : Optional.empty();
        return Response.ok(ReservationView.reply(page, version, next)).build();
    }

    private static String token(PortKey port) {
        return port.protocol().label() + "-" + port.port();
    }

    private static PortKey key(String token) {
        String[] parts = token.split("-", -1);
        if (parts.length != 2 || !List.of("tcp", "udp").contains(parts[0])) {
            throw new IllegalArgumentException("no token");
        }
        return new PortKey(parts[0].equals("udp") ? Protocol.UDP : Protocol.TCP, Integer.parseInt(parts[1]));
    }

    @GET
    @Path("/{port}")
    @Operation(summary = "One reservation (protocol)")
    public Response get(@PathParam("port") String port, @Context UriInfo uri) {
        Query query = new Query(uri);
        PortKey key = PortAddress.of(port, query);
        query.end();
        Reservation reservation = backend.registry().reservation(key).orElseThrow(() -> missing(key));
        return tagged(Response.ok(ReservationView.reply(reservation)), reservation);
    }

    @PUT
    @Path("/{port}")
    @Consumes({Bodies.JSON, Bodies.YAML, Bodies.X_YAML, Bodies.TEXT_YAML, MediaType.WILDCARD})
    @Operation(summary = "Renew a reservation for its holder (protocol, dryRun)")
    public Response renew(
            @PathParam("port") String port,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            byte @Nullable [] body) {
        return change(port, uri, "RenewReservation", (key, dryRun) -> {
            ReservationReader.Renewal wish = wish(body, headers, ReservationReader::renewal);
            return Stored.answer(
                    () -> reservations().renew(key, wish.holder(), wish.ttl(), wish.pid(), caller.get(), dryRun));
        });
    }

    @POST
    @Path("/{port}/claim")
    @Consumes({Bodies.JSON, Bodies.YAML, Bodies.X_YAML, Bodies.TEXT_YAML, MediaType.WILDCARD})
    @Operation(
            summary =
                    "Let go of the port now, because its holder is about to bind it (pid in the body; protocol, dryRun)")
    public Response claim(
            @PathParam("port") String port,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            byte @Nullable [] body) {
        return change(port, uri, "ClaimReservation", (key, dryRun) -> {
            ReservationReader.Renewal wish = wish(body, headers, ReservationReader::claim);
            return Stored.answer(() -> reservations().claim(key, wish.pid(), caller.get(), dryRun));
        });
    }

    @DELETE
    @Path("/{port}")
    @Operation(summary = "Give the port back (protocol, dryRun)")
    public Response release(@PathParam("port") String port, @Context UriInfo uri) {
        return change(
                port,
                uri,
                "ReleaseReservation",
                (key, dryRun) -> Stored.answer(() -> reservations().release(key, caller.get(), dryRun)));
    }

    /** Something that is wanted of a reservation. */
    private interface Change {
        LeaseAnswer of(PortKey port, boolean dryRun);
    }

    private Response change(String port, UriInfo uri, String action, Change change) {
        Query query = new Query(uri);
        PortKey key = PortAddress.of(port, query);
        boolean dryRun = query.dryRun();
        query.end();
        backend.permissions().requireChanges(caller.get());
        LeaseAnswer answer = change.of(key, dryRun);
        if (answer instanceof LeaseAnswer.NotFound) {
            throw missing(key);
        } else if (answer instanceof LeaseAnswer.Forbidden forbidden) {
            throw Problems.problem(FORBIDDEN, forbidden.reason()).build();
        } else if (answer instanceof LeaseAnswer.Conflicting conflicting) {
            throw Problems.conflict(conflicting.reason());
        } else if (answer instanceof LeaseAnswer.Invalid invalid) {
            throw Problems.invalid("the body", List.of(invalid.fault()));
        }
        Reservation reservation = ((LeaseAnswer.Done) answer).reservation();
        if (dryRun) {
            return Response.ok(PlanView.reply(List.of(step(action, reservation, "asked for")), List.of()))
                    .build();
        }
        return tagged(Response.ok(ReservationView.reply(reservation)), reservation);
    }

    /** A body may be left out: then nothing in particular is wished. */
    private static ReservationReader.Renewal wish(
            byte @Nullable [] body,
            HttpHeaders headers,
            Function<com.fasterxml.jackson.databind.JsonNode, Reading<ReservationReader.Renewal>> reader) {
        if (body == null || body.length == 0) {
            return ReservationReader.Renewal.NOTHING;
        }
        Document document = Bodies.one(body, headers);
        return Bodies.valid(reader.apply(document.tree()), document, "the body").value();
    }

    static PlanView.Step step(String action, Reservation of, String reason) {
        return new PlanView.Step(action, "Port " + of.port(), reason, "for " + of.describe());
    }

    private static String location(PortKey port) {
        return "/reservations/" + port.port() + (port.protocol() == Protocol.UDP ? "?protocol=udp" : "");
    }

    private static Response tagged(Response.ResponseBuilder answer, Reservation reservation) {
        return answer.header("ETag", "\"" + reservation.resourceVersion() + "\"")
                .build();
    }

    private static RuntimeException missing(PortKey port) {
        return Problems.notFound("reservation of port " + port);
    }
}
