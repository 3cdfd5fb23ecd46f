package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.launch.Endpoint;
import dev.berth.model.Condition;
import dev.berth.model.Instances;
import dev.berth.model.Protocol;
import dev.berth.model.Service;
import dev.berth.model.ServiceState;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Where services are now, for other tools. Told of those that run, or are about to. */
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public abstract class DiscoveryMethods {
    private static final Set<ServiceState> RUNS =
            Set.of(ServiceState.STARTING, ServiceState.RUNNING, ServiceState.DEGRADED);

    private static final String META = "__meta_berth_";
    private static final String SCRAPE = "prometheus.io/scrape";
    private static final String PATH = "prometheus.io/path";
    private static final String SCHEME = "prometheus.io/scheme";

    private final Backend backend;

    DiscoveryMethods(Backend backend) {
        this.backend = backend;
    }

    /** The namespace that the address names; empty when it names none. */
    abstract Optional<String> namespace(UriInfo uri);

    /**
     * @param address of the first instance that is ready, or else of the first
     * @param addresses of every instance
     * @param ready whether at least one serves
     */
    record Place(String address, List<String> addresses, String protocol, boolean ready) {}

    /** One entry of Prometheus' HTTP service discovery. */
    @JsonInclude
    record TargetGroup(List<String> targets, Map<String, String> labels) {}

    @GET
    @Operation(summary = "Where services are now: name to address, of those that run")
    public Response places(@Context UriInfo uri) {
        new Query(uri).end();
        Map<String, Place> places = new TreeMap<>();
        Map<String, List<Service>> byName = new LinkedHashMap<>();
        for (Service each : running(uri)) {
            byName.computeIfAbsent(name(each, uri), none -> new ArrayList<>()).add(each);
        }
        byName.forEach((name, instances) -> {
            Service first = instances.stream()
                    .filter(each -> Instances.is(each, Condition.READY))
                    .findFirst()
                    .orElse(instances.get(0));
            places.put(
                    name,
                    new Place(
                            address(first),
                            instances.stream().map(DiscoveryMethods::address).toList(),
                            first.spec().protocol().label(),
                            Instances.is(first, Condition.READY)));
        });
        return Response.ok(new Reply(places, () -> {
                    TextTable table = TextTable.plain();
                    places.forEach((name, place) -> table.row(name, place.address()));
                    return table.toString();
                }))
                .build();
    }

    @GET
    @Path("/prometheus")
    @Operation(
            summary = "The same as Prometheus' HTTP service discovery (annotated=true: only those with the annotation"
                    + " prometheus.io/scrape: \"true\")")
    public Response prometheus(@Context UriInfo uri) {
        Query query = new Query(uri);
        boolean annotated = query.flag("annotated");
        query.end();
        List<TargetGroup> groups = new ArrayList<>();
        for (Service each : running(uri)) {
            String scrape = each.metadata().annotations().getOrDefault(SCRAPE, annotated ? "false" : "true");
            if (each.spec().protocol() == Protocol.TCP && scrape.equals("true")) {
                groups.add(new TargetGroup(List.of(address(each)), labels(each)));
            }
        }
        return Response.ok(new Reply(groups, () -> {
                    TextTable table = TextTable.plain();
                    groups.forEach(group -> table.row(
                            group.targets().get(0),
                            group.labels().get(META + "namespace") + "/"
                                    + group.labels().get(META + "service")));
                    return table.toString();
                }))
                .build();
    }

    private List<Service> running(UriInfo uri) {
        Optional<String> namespace = namespace(uri);
        return backend.registry().services().stream()
                .filter(each ->
                        namespace.isEmpty() || namespace.get().equals(each.key().namespace()))
                .filter(each -> each.assigned().isPresent())
                .filter(each -> RUNS.contains(each.status().state()))
                .filter(each -> each.metadata().deletionTimestamp().isEmpty())
                .sorted((a, b) -> a.key().compareTo(b.key()))
                .toList();
    }

    private String name(Service service, UriInfo uri) {
        return namespace(uri).isPresent()
                ? service.key().origin().name()
                : service.key().origin().toString();
    }

    private static String address(Service service) {
        return Endpoint.of(service.spec(), service.assigned().orElseThrow()).address();
    }

    /** Those that begin with {@code __meta_} are for relabelling and vanish; {@code __metrics_path__} and the like say how to scrape. */
    private static Map<String, String> labels(Service service) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("namespace", service.key().namespace());
        labels.put("service", service.key().origin().name());
        Map<String, String> annotations = service.metadata().annotations();
        Optional.ofNullable(annotations.get(PATH)).ifPresent(path -> labels.put("__metrics_path__", path));
        Optional.ofNullable(annotations.get(SCHEME)).ifPresent(scheme -> labels.put("__scheme__", scheme));
        labels.put(META + "namespace", service.key().namespace());
        labels.put(META + "service", service.key().origin().name());
        labels.put(META + "instance", Integer.toString(service.key().instance()));
        labels.put(META + "state", Wire.camel(service.status().state()));
        labels.put(META + "ready", Boolean.toString(Instances.is(service, Condition.READY)));
        service.metadata()
                .labels()
                .forEach((key, value) -> labels.put(META + "label_" + key.replaceAll("[^A-Za-z0-9_]", "_"), value));
        return labels;
    }
}
