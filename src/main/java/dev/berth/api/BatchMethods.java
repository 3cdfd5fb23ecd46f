package dev.berth.api;

import dev.berth.config.Durations;
import dev.berth.control.Planned;
import dev.berth.control.RunRequests;
import dev.berth.model.Caller;
import dev.berth.model.Fault;
import dev.berth.model.Instances;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Starts, stops or restarts several services in one call, and waits for it where that is asked for. */
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public abstract class BatchMethods {
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final Backend backend;
    private final SettlementWaits waits;
    private final CurrentCaller caller;

    BatchMethods(Backend backend, SettlementWaits waits, CurrentCaller caller) {
        this.backend = backend;
        this.waits = waits;
        this.caller = caller;
    }

    @POST
    @Path("/start")
    @Blocking
    @Operation(summary = "Start the services named, or all (names, port, wait); 409 when one can't run")
    public CompletionStage<Response> start(@Context UriInfo uri) {
        return ask(RunRequests.Verb.START, uri);
    }

    @POST
    @Path("/stop")
    @Blocking
    @Operation(summary = "Stop the services named, or all (names, force, wait)")
    public CompletionStage<Response> stop(@Context UriInfo uri) {
        return ask(RunRequests.Verb.STOP, uri);
    }

    @POST
    @Path("/restart")
    @Blocking
    @Operation(summary = "Restart the services named, or all (names, force, port, wait); 409 when one can't run")
    public CompletionStage<Response> restart(@Context UriInfo uri) {
        return ask(RunRequests.Verb.RESTART, uri);
    }

    private CompletionStage<Response> ask(RunRequests.Verb verb, UriInfo uri) {
        Query query = new Query(uri);
        Optional<String> names = query.text("names");
        if (names.isEmpty() && uri.getQueryParameters().containsKey("names")) {
            // An empty variable of somebody's script must not mean all.
            query.fault("names", "names with commas between them; leave it out to mean all", "");
        }
        boolean dryRun = query.dryRun();
        boolean force = query.flag("force");
        OptionalInt port = query.port("port");
        Optional<Duration> wait = query.duration("wait", LONGEST_WAIT);
        query.end();
        List<Service> named = names.map(given -> named(given, uri)).orElseGet(() -> all(uri));
        if (port.isPresent() && named.size() != 1) {
            throw Problems.invalid(
                    "the parameters",
                    List.of(new Fault(
                            "port", "one service can have it, so name one", Integer.toString(port.getAsInt()))));
        }
        List<Service> asked =
                verb == RunRequests.Verb.START ? withDependencies(named) : restartable(named, verb, names.isPresent());
        RunRequests.Wish wish = new RunRequests.Wish(verb, force, OptionalInt.empty(), Optional.empty());
        // Only one was named, and what it depends on stays where it is.
        RunRequests.Wish moving = new RunRequests.Wish(verb, force, port, Optional.empty());
        Caller by = caller.get();
        List<ServiceKey> keys = inOrder(asked, verb);
        // All of them, before the first is asked for.
        keys.forEach(key -> backend.permissions().requireChange(key, by));
        if (dryRun) {
            List<Planned> planned = keys.stream()
                    .flatMap(key ->
                            backend.control().requests().plan(key, isNamed(key, named) ? moving : wish, by).stream())
                    .toList();
            return CompletableFuture.completedFuture(Response.ok(PlanView.reply(PlanView.steps(planned), List.of()))
                    .build());
        }
        for (ServiceKey key : keys) {
            Optional<Service> changed = Stored.answer(
                    false, () -> backend.control().requests().ask(key, isNamed(key, named) ? moving : wish, by));
            if (changed.isEmpty()) {
                throw missing(key);
            }
        }
        if (wait.isEmpty()) {
            return CompletableFuture.completedFuture(answer(Response.accepted(), keys, by));
        }
        return waits.await(keys, verb, wait.get(), by).thenApply(how -> settled(how, keys, verb, wait.get(), by));
    }

    private Response settled(Settlement how, List<ServiceKey> keys, RunRequests.Verb verb, Duration waited, Caller by) {
        if (how == Settlement.DONE) {
            return answer(Response.ok(), keys, by);
        }
        List<String> left = instances(keys).stream()
                .filter(each -> Settlement.of(each, verb, true) != Settlement.DONE)
                .map(each -> each.first().key().name() + " is "
                        + Wire.camel(each.state()).toLowerCase(java.util.Locale.ROOT) + ": "
                        + ServiceView.why(each, backend.permissions().mayReadSecrets(each.first(), by)))
                .toList();
        String words = String.join("; ", left);
        throw Problems.conflict(
                how == Settlement.FAILED
                        ? words
                        : words + " (after " + Durations.write(waited)
                                + " of waiting; it goes on, berth status shows it)");
    }

    private Response answer(Response.ResponseBuilder builder, List<ServiceKey> keys, Caller by) {
        Predicate<Service> full = backend.permissions().readableBy(by);
        List<Instances> services = instances(keys);
        return builder.entity(new Reply(
                        ListView.of(
                                "ServiceList",
                                services.stream()
                                        .map(each -> ServiceView.of(each, Optional.empty(), full.test(each.first())))
                                        .toList(),
                                Optional.of(backend.registry().resourceVersion()),
                                Optional.empty()),
                        () -> ServiceView.table(services, full)))
                .build();
    }

    private List<Instances> instances(List<ServiceKey> keys) {
        List<Service> all = backend.registry().services();
        return keys.stream()
                .sorted()
                .flatMap(key -> backend.registry().service(key).stream())
                .map(service -> Instances.of(service, all))
                .toList();
    }

    private List<Service> named(String names, UriInfo uri) {
        return Arrays.stream(names.split(",", -1))
                .map(String::strip)
                .distinct()
                .map(name -> ServiceAddress.existing(name, uri, caller.get()))
                .map(key -> backend.registry().service(key).orElseThrow(() -> missing(key)))
                .toList();
    }

    private List<Service> all(UriInfo uri) {
        String namespace = ServiceAddress.namespace(uri, caller.get());
        return backend.registry().services().stream()
                .filter(each -> each.metadata().namespace().equals(namespace)
                        && !each.key().isReplica()
                        && each.metadata().deletionTimestamp().isEmpty())
                .toList();
    }

    private static boolean isNamed(ServiceKey key, List<Service> named) {
        return named.stream().anyMatch(each -> each.key().equals(key));
    }

    /** A service whose dependency is kept stopped could wait for ever. */
    private List<Service> withDependencies(List<Service> services) {
        Map<ServiceKey, Service> all = new LinkedHashMap<>();
        Deque<Service> open = new ArrayDeque<>(services);
        while (!open.isEmpty()) {
            Service service = open.remove();
            if (all.putIfAbsent(service.key(), service) == null) {
                service.spec()
                        .dependsOn()
                        .forEach(each -> backend.registry()
                                .service(new ServiceKey(service.key().namespace(), each.service()))
                                .ifPresent(open::add));
            }
        }
        return List.copyOf(all.values());
    }

    /** What has no command is left out of "all", and refused by name. */
    private static List<Service> restartable(List<Service> services, RunRequests.Verb verb, boolean byName) {
        if (verb != RunRequests.Verb.RESTART) {
            return services;
        }
        List<Service> observed =
                services.stream().filter(each -> each.spec().isObserved()).toList();
        if (byName && !observed.isEmpty()) {
            throw Problems.conflict("nothing was restarted: Berth only guards the port of "
                    + observed.stream().map(each -> each.key().name()).collect(Collectors.joining(", "))
                    + ", which has no command");
        }
        return services.stream().filter(each -> !each.spec().isObserved()).toList();
    }

    /** What others depend on first; to stop them, last: the loop holds a stop up only for dependants that were told before. */
    private static List<ServiceKey> inOrder(List<Service> services, RunRequests.Verb verb) {
        List<ServiceKey> order = new ArrayList<>();
        services.forEach(each -> visit(each, services, order));
        if (verb == RunRequests.Verb.STOP) {
            Collections.reverse(order);
        }
        return List.copyOf(order);
    }

    private static void visit(Service service, List<Service> services, List<ServiceKey> order) {
        if (order.contains(service.key())) {
            return;
        }
        services.stream()
                .filter(other -> !other.key().equals(service.key())
                        && service.spec().dependsOn().stream()
                                .anyMatch(each ->
                                        each.service().equals(other.key().name())))
                .forEach(other -> visit(other, services, order));
        order.add(service.key());
    }

    private static RuntimeException missing(ServiceKey key) {
        return Problems.notFound("service " + key.name() + " in the namespace " + key.namespace());
    }
}
