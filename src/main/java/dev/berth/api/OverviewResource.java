package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.berth.control.LoopProgress;
import dev.berth.control.UsageMonitor;
import dev.berth.model.Conflict;
import dev.berth.model.Instances;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.Units;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Everything at a glance: the daemon, its services, what is open; and what the machine lacks. */
@Singleton
@Path("/")
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public class OverviewResource {
    private static final int UNHEALTHY = 503;

    private final Backend backend;
    private final CurrentCaller caller;
    private final About about;
    private final Doctor doctor;

    OverviewResource(Backend backend, About about, Doctor doctor, CurrentCaller caller) {
        this.backend = backend;
        this.caller = caller;
        this.about = about;
        this.doctor = doctor;
    }

    /** @param troubles what keeps the daemon itself from its work */
    @JsonPropertyOrder({"apiVersion", "kind", "daemon", "troubles", "services", "conflicts"})
    record StatusView(
            String apiVersion,
            String kind,
            DaemonView daemon,
            List<String> troubles,
            List<ServiceView> services,
            List<ConflictView> conflicts) {}

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record DaemonView(
            String version,
            long pid,
            String url,
            Optional<String> dataDirectory,
            String startedAt,
            Optional<String> ephemeralPorts) {}

    @JsonPropertyOrder({"apiVersion", "kind", "items"})
    record HealthView(String apiVersion, String kind, List<GlanceMethods.HealthAnswer> items) {}

    @JsonPropertyOrder({"apiVersion", "kind", "findings"})
    record DoctorView(String apiVersion, String kind, List<FindingView> findings) {
        record FindingView(String subject, String verdict, String found, String advice) {}
    }

    @GET
    @Path("/status")
    @Operation(summary = "The daemon, every service and the open conflicts at a glance (namespace)")
    public Response status(@Context UriInfo uri) {
        Query query = new Query(uri);
        Optional<String> namespace = query.text("namespace");
        query.end();
        UsageMonitor usage = backend.control().usage();
        usage.refresh();
        List<Instances> services = services(namespace);
        Predicate<Service> full = backend.permissions().readableBy(caller.get());
        List<Conflict> conflicts = backend.registry().openConflicts().stream()
                .filter(each -> namespace
                        .filter(name -> !name.equals(each.service().namespace()))
                        .isEmpty())
                .toList();
        List<String> troubles = troubles();
        StatusView view = new StatusView(
                Wire.API_VERSION,
                "Status",
                new DaemonView(
                        about.version(),
                        about.pid(),
                        about.url(),
                        about.dataDirectory().map(java.nio.file.Path::toString),
                        Wire.time(about.startedAt()),
                        about.ephemeralPorts().map(String::valueOf)),
                troubles,
                services.stream()
                        .map(each -> ServiceView.of(each, usage.latest(each.first()), full.test(each.first())))
                        .toList(),
                conflicts.stream().map(ConflictView::of).toList());
        return Response.ok(new Reply(view, () -> text(services, full, conflicts, troubles)))
                .build();
    }

    @GET
    @Path("/health")
    @Operation(summary = "The health of every service (namespace); 503 when one that should run is not healthy")
    public Response health(@Context UriInfo uri) {
        Query query = new Query(uri);
        Optional<String> namespace = query.text("namespace");
        query.end();
        Predicate<Service> full = backend.permissions().readableBy(caller.get());
        List<GlanceMethods.HealthAnswer> answers = services(namespace).stream()
                .map(each -> GlanceMethods.HealthAnswer.of(each, full.test(each.first())))
                .toList();
        boolean well = answers.stream().allMatch(GlanceMethods.HealthAnswer::isAsWanted);
        HealthView view = new HealthView(Wire.API_VERSION, "HealthList", answers);
        return Response.status(well ? Response.Status.OK.getStatusCode() : UNHEALTHY)
                .entity(new Reply(view, () -> GlanceMethods.table(answers)))
                .build();
    }

    @GET
    @Path("/doctor")
    @Operation(summary = "What of this machine helps or hinders Berth, each with what to do")
    public Response doctor(@Context UriInfo uri) {
        new Query(uri).end();
        List<Doctor.Finding> findings = doctor.examine();
        DoctorView view = new DoctorView(
                Wire.API_VERSION,
                "Findings",
                findings.stream()
                        .map(each -> new DoctorView.FindingView(
                                each.subject(), Wire.lower(each.verdict()), each.found(), each.advice()))
                        .toList());
        return Response.ok(new Reply(view, () -> text(findings))).build();
    }

    private List<Instances> services(Optional<String> namespace) {
        List<Service> all = backend.registry().services();
        return all.stream()
                .filter(each -> !each.key().isReplica())
                .filter(each -> namespace
                        .filter(name -> !name.equals(each.metadata().namespace()))
                        .isEmpty())
                .sorted(Comparator.comparing(Service::key))
                .map(each -> Instances.of(each, all))
                .toList();
    }

    private List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        if (backend.store().inMemory()) {
            troubles.add("nothing is kept: Berth's state is in memory and is forgotten when it stops");
        }
        backend.registry().writeTrouble().ifPresent(troubles::add);
        LoopProgress progress = backend.control().loop().progress();
        progress.observationTrouble()
                .ifPresent(words -> troubles.add("the machine's ports can't be looked at: " + words));
        return troubles;
    }

    private String text(
            List<Instances> services, Predicate<Service> full, List<Conflict> conflicts, List<String> troubles) {
        Duration up = Duration.between(about.startedAt(), backend.clock().instant());
        StringBuilder text = new StringBuilder("Berth " + about.version() + " at " + about.url() + ", pid "
                + about.pid() + ", up " + Units.duration(up) + "\n");
        troubles.forEach(each -> text.append("warning: ").append(each).append('\n'));
        text.append('\n');
        if (services.isEmpty()) {
            text.append("No services are declared. Declare some with: berth apply -f berth.yaml\n");
        } else {
            TextTable table = TextTable.of("SERVICE", "STATE", "PORT", "PID", "CPU", "MEMORY", "WHY");
            UsageMonitor usage = backend.control().usage();
            services.forEach(each -> table.row(
                    shortName(each.first().key()),
                    Wire.camel(each.state()),
                    ServiceView.port(each.first()),
                    ServiceView.pid(each.first()),
                    UsageView.cpu(usage.latest(each.first())),
                    UsageView.memory(usage.latest(each.first())),
                    ServiceView.why(each, full.test(each.first()))));
            text.append(table);
        }
        text.append('\n');
        if (conflicts.isEmpty()) {
            text.append("No conflict is open.\n");
        } else {
            text.append(conflicts.size() == 1 ? "One conflict is open:\n" : conflicts.size() + " conflicts are open:\n")
                    .append(ConflictView.table(conflicts));
        }
        return text.toString();
    }

    /** As people write it: without the namespace that everybody means. */
    private static String shortName(ServiceKey key) {
        return key.namespace().equals(ServiceKey.DEFAULT_NAMESPACE) ? key.name() : key.toString();
    }

    private static String text(List<Doctor.Finding> findings) {
        StringBuilder text = new StringBuilder();
        TextTable table = TextTable.of("SUBJECT", "VERDICT", "FOUND");
        findings.forEach(each -> table.row(each.subject(), Wire.lower(each.verdict()), each.found()));
        text.append(table);
        List<Doctor.Finding> advised =
                findings.stream().filter(each -> !each.advice().isEmpty()).toList();
        if (!advised.isEmpty()) {
            text.append("\nWhat to do\n");
            advised.forEach(each -> text.append("  ")
                    .append(each.subject())
                    .append(": ")
                    .append(each.advice())
                    .append('\n'));
        }
        return text.toString();
    }
}
