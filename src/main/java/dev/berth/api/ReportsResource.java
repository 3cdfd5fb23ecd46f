package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.berth.control.PortView;
import dev.berth.control.UsageMonitor;
import dev.berth.host.ObservationException;
import dev.berth.model.Conflict;
import dev.berth.model.Instances;
import dev.berth.model.Service;
import dev.berth.report.CheckReport;
import dev.berth.report.ConflictReport;
import dev.berth.store.Store;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What happened and how it stands, added up: ports, service health, conflict history, performance. */
@Singleton
@Path("/reports")
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public class ReportsResource {
    /** A report on more would take seconds to read; it says when it leaves older ones out. */
    private static final int MOST_CONFLICTS = 10_000;

    /** Lines of each list for people; the object has them all. */
    private static final int SHOWN = 20;

    private static final Duration USUAL_PERIOD = Duration.ofDays(7);

    private final Backend backend;

    ReportsResource(Backend backend) {
        this.backend = backend;
    }

    /** @param since the beginning of the period; absent where a report is of this moment */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    @JsonPropertyOrder({"apiVersion", "kind", "at", "since"})
    record ReportView<T>(String apiVersion, String kind, String at, Optional<String> since, T report) {}

    /** @param kinds how many sockets each kind of holder has */
    record PortsView(
            int inUse, int declared, int reserved, int contested, Map<String, Integer> kinds, List<PortLine> ports) {}

    record PortLine(String port, String holder, List<String> services, boolean reserved, boolean contested) {}

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record HealthLine(GlanceMethods.HealthAnswer health, int restarts, Optional<String> lastExit, CheckReport checks) {}

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record PerformanceLine(String service, Optional<UsageView> usage, CheckReport responses) {}

    @GET
    @Path("/ports")
    @Operation(summary = "Every port that is in use, declared or reserved, and what that adds up to")
    public Response ports(@Context UriInfo uri) throws ObservationException {
        new Query(uri).end();
        List<PortView> ports = backend.control().ports().list(Optional.empty(), true);
        Map<String, Integer> kinds = new TreeMap<>();
        ports.forEach(port -> port.sockets()
                .forEach(socket -> kinds.merge(Wire.lower(socket.holder().kind()), 1, Integer::sum)));
        PortsView report = new PortsView(
                (int) ports.stream().filter(PortView::inUse).count(),
                (int) ports.stream().filter(each -> !each.services().isEmpty()).count(),
                (int) ports.stream()
                        .filter(each -> each.reservation().isPresent())
                        .count(),
                (int) ports.stream().filter(each -> !each.conflicts().isEmpty()).count(),
                kinds,
                ports.stream().map(ReportsResource::line).toList());
        return answer("PortsReport", Optional.empty(), report, () -> ReportText.ports(report));
    }

    private static PortLine line(PortView port) {
        return new PortLine(
                port.port().toString(),
                port.sockets().stream()
                        .findFirst()
                        .map(socket -> socket.holder().description())
                        .orElse(port.held() ? "held by Berth" : ""),
                port.services().stream()
                        .map(use -> use.service().toString())
                        .distinct()
                        .toList(),
                port.reservation().isPresent(),
                !port.conflicts().isEmpty());
    }

    @GET
    @Path("/health")
    @Operation(summary = "How every service is, how often it was restarted, and how its latest checks went (since)")
    public Response health(@Context UriInfo uri) {
        Optional<Instant> since = since(uri);
        List<HealthLine> lines = services().stream()
                .map(each -> new HealthLine(
                        GlanceMethods.HealthAnswer.of(each),
                        each.first().status().restarts(),
                        each.first()
                                .status()
                                .runOrNone()
                                .lastExit()
                                .map(exit -> exit.words() + " at " + Wire.time(exit.at())),
                        checks(each.first(), since)))
                .toList();
        return answer("HealthReport", since, lines, () -> ReportText.health(lines));
    }

    @GET
    @Path("/conflicts")
    @Operation(summary = "Conflicts added up by port, service and holder, with a calmer port to go to (since; a week)")
    public Response conflicts(@Context UriInfo uri) throws ObservationException {
        Instant since = since(uri).orElseGet(() -> backend.clock().instant().minus(USUAL_PERIOD));
        List<Conflict> conflicts = Stored.answer(() -> backend.store()
                .conflicts(new Store.ConflictQuery(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(since), MOST_CONFLICTS)));
        ConflictReport history = ConflictReport.of(conflicts);
        CalmPorts calm = CalmPorts.of(backend, history);
        ConflictHistoryView report =
                ConflictHistoryView.of(history, each -> calm.near(each.port()), conflicts.size() == MOST_CONFLICTS);
        return answer("ConflictsReport", Optional.of(since), report, () -> report.text(SHOWN));
    }

    @GET
    @Path("/performance")
    @Operation(summary = "What every service uses, and how long its checks took as far back as Berth remembers (since)")
    public Response performance(@Context UriInfo uri) {
        Optional<Instant> since = since(uri);
        UsageMonitor usage = backend.control().usage();
        usage.refresh();
        List<PerformanceLine> lines = services().stream()
                .map(each -> new PerformanceLine(
                        each.first().key().toString(),
                        usage.latest(each.first()).map(UsageView::of),
                        checks(each.first(), since)))
                .toList();
        return answer("PerformanceReport", since, lines, () -> ReportText.performance(lines));
    }

    private CheckReport checks(Service service, Optional<Instant> since) {
        return CheckReport.of(backend.control().checks(service.key()).stream()
                .filter(each -> since.map(from -> !each.at().isBefore(from)).orElse(true))
                .map(each -> new CheckReport.Check(each.took(), each.healthy()))
                .toList());
    }

    private Optional<Instant> since(UriInfo uri) {
        Query query = new Query(uri);
        Optional<Instant> since = query.since(backend.clock().instant());
        query.end();
        return since;
    }

    private List<Instances> services() {
        List<Service> all = backend.registry().services();
        return all.stream()
                .filter(each -> !each.key().isReplica())
                .sorted(Comparator.comparing(Service::key))
                .map(each -> Instances.of(each, all))
                .toList();
    }

    private <T> Response answer(String kind, Optional<Instant> since, T report, Supplier<String> text) {
        ReportView<T> view = new ReportView<>(
                Wire.API_VERSION, kind, Wire.time(backend.clock().instant()), since.map(Wire::time), report);
        return Response.ok(new Reply(view, text)).build();
    }
}
