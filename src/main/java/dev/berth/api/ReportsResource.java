package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.berth.control.PortView;
import dev.berth.control.UsageMonitor;
import dev.berth.host.ObservationException;
import dev.berth.model.Conflict;
import dev.berth.model.Instances;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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

    private static final Duration A_DAY = Duration.ofDays(1);
    private static final Duration A_WEEK = Duration.ofDays(7);

    /** As the audit log calls them. */
    private static final String PROCESS_STARTED = "ProcessStarted";

    private static final String PROCESS_EXITED = "ProcessExited";

    private final Backend backend;
    private final CurrentCaller caller;

    ReportsResource(Backend backend, CurrentCaller caller) {
        this.backend = backend;
        this.caller = caller;
    }

    /** @param since the beginning of the period that counts, {@code until} its end; what is said to be now is of {@code at} */
    @JsonPropertyOrder({"apiVersion", "kind", "at", "since", "until"})
    record ReportView<T>(String apiVersion, String kind, String at, String since, String until, T report) {}

    /**
     * @param contests how many conflicts began in the period
     * @param kinds how many sockets each kind of holder has
     */
    record PortsView(
            int inUse,
            int declared,
            int reserved,
            int contested,
            int contests,
            Map<String, Integer> kinds,
            List<PortLine> ports) {}

    /**
     * @param contested whether a conflict about it is open
     * @param contests how many began in the period
     * @param risk of being contested; only of ports that are declared or reserved
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record PortLine(
            String port,
            String holder,
            List<String> services,
            boolean reserved,
            boolean contested,
            int contests,
            Optional<PortObject.RiskView> risk) {}

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record HealthLine(
            GlanceMethods.HealthAnswer health,
            int restarts,
            Optional<String> lastExit,
            CheckReport checks,
            AvailabilityView availability,
            int starts,
            int exits) {}

    /**
     * @param usage now; absent of a service that does not run or is gone
     * @param responses of the latest checks, as far back as Berth remembers them one by one
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record PerformanceLine(String service, Optional<UsageView> usage, CheckReport responses, PerformanceView period) {}

    @GET
    @Path("/ports")
    @Operation(
            summary =
                    "Every port that is in use, declared or reserved, how often it was contested (since, a week; until) and"
                            + " how likely it will be")
    public Response ports(@Context UriInfo uri) throws ObservationException {
        Period period = period(uri, A_WEEK);
        List<PortView> ports = backend.control().ports().list(Optional.empty(), true);
        Map<String, Integer> kinds = new TreeMap<>();
        ports.forEach(port -> port.sockets()
                .forEach(socket -> kinds.merge(Wire.lower(socket.holder().kind()), 1, Integer::sum)));
        Map<PortKey, Long> contests =
                conflicts(period).stream().collect(Collectors.groupingBy(Conflict::port, Collectors.counting()));
        PortsView report = new PortsView(
                (int) ports.stream().filter(PortView::inUse).count(),
                (int) ports.stream().filter(each -> !each.services().isEmpty()).count(),
                (int) ports.stream()
                        .filter(each -> each.reservation().isPresent())
                        .count(),
                (int) ports.stream().filter(each -> !each.conflicts().isEmpty()).count(),
                contests.values().stream().mapToInt(Long::intValue).sum(),
                kinds,
                ports.stream()
                        .map(port -> line(
                                port, contests.getOrDefault(port.port(), 0L).intValue()))
                        .toList());
        return answer("PortsReport", period, report, () -> ReportText.ports(report));
    }

    private PortLine line(PortView port, int contests) {
        boolean cared = !port.services().isEmpty() || port.reservation().isPresent();
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
                !port.conflicts().isEmpty(),
                contests,
                cared
                        ? Optional.of(PortObject.RiskView.of(
                                Stored.answer(() -> backend.control().ports().risk(port.port()))))
                        : Optional.empty());
    }

    @GET
    @Path("/health")
    @Operation(
            summary =
                    "How every service is, how available it was with its downtimes (since, a day; until), how often it was"
                            + " started, and how its latest checks went")
    public Response health(@Context UriInfo uri) {
        Period period = period(uri, A_DAY);
        PeriodLines recorded = new PeriodLines(backend, period);
        Predicate<Service> full = backend.permissions().readableBy(caller.get());
        List<HealthLine> lines = services().stream()
                .map(each -> new HealthLine(
                        GlanceMethods.HealthAnswer.of(each, full.test(each.first())),
                        each.first().status().restarts(),
                        each.first()
                                .status()
                                .runOrNone()
                                .lastExit()
                                .map(exit -> exit.words() + " at " + Wire.time(exit.at())),
                        checks(each.first().key(), period),
                        AvailabilityView.of(recorded.availability(each), full.test(each.first())),
                        recorded.count(each, PROCESS_STARTED),
                        recorded.count(each, PROCESS_EXITED)))
                .toList();
        return answer("HealthReport", period, lines, () -> ReportText.health(lines));
    }

    @GET
    @Path("/conflicts")
    @Operation(
            summary =
                    "Conflicts added up by port, service and holder, with a calmer port to go to (since, a week; until)")
    public Response conflicts(@Context UriInfo uri) throws ObservationException {
        Period period = period(uri, A_WEEK);
        List<Conflict> conflicts = conflicts(period);
        ConflictReport history = ConflictReport.of(conflicts);
        CalmPorts calm = CalmPorts.of(backend, history);
        ConflictHistoryView report =
                ConflictHistoryView.of(history, each -> calm.near(each.port()), conflicts.size() == MOST_CONFLICTS);
        return answer("ConflictsReport", period, report, () -> report.text(SHOWN));
    }

    private List<Conflict> conflicts(Period period) {
        return Stored.answer(() -> backend.store()
                        .conflicts(new Store.ConflictQuery(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(period.since()),
                                MOST_CONFLICTS)))
                .stream()
                .filter(each -> each.detectedAt().isBefore(period.until()))
                .toList();
    }

    @GET
    @Path("/performance")
    @Operation(
            summary =
                    "What every service uses now and used over a period (since, a day; until): CPU, memory, response time"
                            + " with percentiles, throughput; also of services that are gone")
    public Response performance(@Context UriInfo uri) {
        Period period = period(uri, A_DAY);
        UsageMonitor usage = backend.control().usage();
        usage.refresh();
        Set<ServiceKey> all =
                new TreeSet<>(Stored.answer(() -> backend.history().services(period.since(), period.until())));
        backend.registry().services().forEach(each -> all.add(each.key()));
        PeriodLines recorded = new PeriodLines(backend, period);
        List<PerformanceLine> lines = all.stream()
                .map(key -> new PerformanceLine(
                        key.toString(),
                        backend.registry().service(key).flatMap(usage::latest).map(UsageView::of),
                        checks(key, period),
                        recorded.performance(key)))
                .toList();
        return answer("PerformanceReport", period, lines, () -> ReportText.performance(lines));
    }

    private CheckReport checks(ServiceKey service, Period period) {
        return CheckReport.of(backend.control().checks(service).stream()
                .filter(each -> !each.at().isBefore(period.since()) && each.at().isBefore(period.until()))
                .map(each -> new CheckReport.Check(each.took(), each.healthy()))
                .toList());
    }

    private Period period(UriInfo uri, Duration usual) {
        Query query = new Query(uri);
        Period period = Period.of(query, backend.clock().instant(), usual);
        query.end();
        return period;
    }

    private List<Instances> services() {
        List<Service> all = backend.registry().services();
        return all.stream()
                .filter(each -> !each.key().isReplica())
                .sorted(Comparator.comparing(Service::key))
                .map(each -> Instances.of(each, all))
                .toList();
    }

    private <T> Response answer(String kind, Period period, T report, Supplier<String> text) {
        ReportView<T> view = new ReportView<>(
                Wire.API_VERSION,
                kind,
                Wire.time(backend.clock().instant()),
                Wire.time(period.since()),
                Wire.time(period.until()),
                report);
        return Response.ok(new Reply(view, () -> "From " + view.since() + " to " + view.until() + "\n" + text.get()))
                .build();
    }
}
