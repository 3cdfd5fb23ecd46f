package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.config.SpecWriter;
import dev.berth.control.Usage;
import dev.berth.model.Condition;
import dev.berth.model.Exit;
import dev.berth.model.Instances;
import dev.berth.model.Launch;
import dev.berth.model.Metadata;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.model.ServiceStatus;
import dev.berth.model.User;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A service as it is sent. */
@JsonPropertyOrder({"apiVersion", "kind", "metadata", "spec", "status"})
record ServiceView(String apiVersion, String kind, MetadataView metadata, ObjectNode spec, StatusView status) {
    static final String KIND = "Service";

    /** In the place of what only its owner and administrators see. */
    static final String WITHHELD = "(withheld)";

    private static final String NOTHING = "No services are declared here.\n";

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record MetadataView(
            String name,
            String namespace,
            String uid,
            Map<String, String> labels,
            Map<String, String> annotations,
            OwnerView owner,
            List<String> finalizers,
            long generation,
            String resourceVersion,
            String creationTimestamp,
            Optional<String> deletionTimestamp) {
        static MetadataView of(Metadata metadata) {
            return new MetadataView(
                    metadata.name(),
                    metadata.namespace(),
                    metadata.uid(),
                    metadata.labels(),
                    metadata.annotations(),
                    OwnerView.of(metadata.owner()),
                    metadata.finalizers(),
                    metadata.generation(),
                    Long.toString(metadata.resourceVersion()),
                    Wire.time(metadata.creationTimestamp()),
                    metadata.deletionTimestamp().map(Wire::time));
        }
    }

    record OwnerView(String name, long uid) {
        static OwnerView of(User user) {
            return new OwnerView(user.display(), user.uid());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record StatusView(
            String state,
            OptionalInt port,
            Optional<Long> pid,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<InstanceView> instances,
            int restarts,
            long observedGeneration,
            List<ConditionView> conditions,
            Optional<String> startedAt,
            Optional<ExitView> lastExit,
            Optional<String> nextStart,
            Optional<UsageView> usage) {
        static StatusView of(Instances instances, Optional<Usage> usage, boolean full) {
            ServiceStatus status = instances.first().status();
            return new StatusView(
                    Wire.camel(instances.state()),
                    status.port(),
                    status.process().map(ProcessRef::pid),
                    instances.first().spec().isObserved()
                            ? List.of()
                            : instances.all().stream().map(InstanceView::of).toList(),
                    status.restarts(),
                    status.observedGeneration(),
                    ServiceView.conditions(instances).stream()
                            .map(each -> ConditionView.of(each, full))
                            .toList(),
                    status.process().isPresent()
                            ? status.runOrNone().launch().map(Launch::at).map(Wire::time)
                            : Optional.empty(),
                    status.runOrNone().lastExit().map(exit -> ExitView.of(exit, full)),
                    status.runOrNone().nextStart().map(Wire::time),
                    usage.map(UsageView::of));
        }
    }

    /** One of the processes that run for it, the first one included. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record InstanceView(OptionalInt port, Optional<Long> pid, String state) {
        static InstanceView of(Service instance) {
            return new InstanceView(
                    instance.status().port(),
                    instance.status().process().map(ProcessRef::pid),
                    Wire.camel(instance.status().state()));
        }
    }

    /** How its process before ended. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record ExitView(String at, OptionalInt status, OptionalInt signal, String message, List<String> lastLines) {
        static ExitView of(Exit exit, boolean full) {
            return new ExitView(
                    Wire.time(exit.at()),
                    exit.status(),
                    exit.signal(),
                    exit.words(),
                    full ? exit.lastLines() : List.of());
        }
    }

    record ConditionView(String type, String status, String reason, String message, String lastTransitionTime) {
        static ConditionView of(Condition condition, boolean full) {
            return new ConditionView(
                    condition.type(),
                    Wire.camel(condition.status()),
                    condition.reason(),
                    OpenWords.message(condition, full),
                    Wire.time(condition.lastTransitionTime()));
        }
    }

    /** All of it. */
    static ServiceView of(Instances instances) {
        return of(instances, Optional.empty(), true);
    }

    /**
     * @param usage what was measured of it, where that was asked for
     * @param full whether the reader may see all of it
     */
    static ServiceView of(Instances instances, Optional<Usage> usage, boolean full) {
        Service service = instances.first();
        return new ServiceView(
                Wire.API_VERSION,
                KIND,
                MetadataView.of(service.metadata()),
                full ? SpecWriter.full(service.spec()) : withheld(SpecWriter.full(service.spec())),
                StatusView.of(instances, usage, full));
    }

    /** For those whose service it is not: without its environment, its commands and where its files lie. */
    private static ObjectNode withheld(ObjectNode shown) {
        if (shown.get("environment") instanceof ObjectNode environment) {
            environment.fieldNames().forEachRemaining(name -> environment.put(name, WITHHELD));
        }
        for (String field : List.of("command", "install", "healthCheck", "workingDirectory", "envFile")) {
            if (shown.hasNonNull(field)) {
                shown.put(field, WITHHELD);
            }
        }
        return shown;
    }

    /** Those of the first instance; it is ready when all are. */
    private static List<Condition> conditions(Instances instances) {
        Optional<Condition> ready = instances.ready();
        return instances.first().status().conditions().stream()
                .map(each -> each.type().equals(Condition.READY) ? ready.orElse(each) : each)
                .toList();
    }

    /** The same as {@link #table(List, Predicate)} with what each uses. */
    static String table(List<Instances> services, Function<Service, Optional<Usage>> usage, Predicate<Service> full) {
        if (services.isEmpty()) {
            return NOTHING;
        }
        TextTable table = TextTable.of("NAME", "STATE", "PORT", "PID", "CPU", "MEMORY", "WHY");
        for (Instances instances : services) {
            Service service = instances.first();
            Optional<Usage> seen = usage.apply(service);
            table.row(
                    service.metadata().name(),
                    Wire.camel(instances.state()),
                    port(service),
                    pid(service),
                    UsageView.cpu(seen),
                    UsageView.memory(seen),
                    why(instances, full.test(service)));
        }
        return table.toString();
    }

    static String port(Service service) {
        return service.assigned().map(PortKey::toString).orElse("-");
    }

    static String pid(Service service) {
        return service.status().process().map(each -> Long.toString(each.pid())).orElse("-");
    }

    /** @param full whether the reader may see what the service is told and what it wrote */
    static Reply reply(Instances instances, Optional<Usage> usage, boolean full) {
        return new Reply(of(instances, usage, full), () -> text(instances, usage, full));
    }

    /** @param full whether the reader may see what this service is told and what it wrote */
    static String table(List<Instances> services, Predicate<Service> full) {
        if (services.isEmpty()) {
            return NOTHING;
        }
        TextTable table = TextTable.of("NAME", "STATE", "PORT", "WANTS", "PID", "STRATEGY", "WHY");
        for (Instances instances : services) {
            Service service = instances.first();
            table.row(
                    service.metadata().name(),
                    Wire.camel(instances.state()),
                    port(service),
                    service.spec().preferred().map(PortKey::toString).orElse("any"),
                    pid(service),
                    service.spec().strategy().orElse("(default)"),
                    why(instances, full.test(service)));
        }
        return table.toString();
    }

    /**
     * What is not as wanted, else how the port came about.
     *
     * @param full whether the reader may see what the service is told and what it wrote
     */
    static String why(Instances instances, boolean full) {
        List<Condition> conditions = conditions(instances);
        return conditions.stream()
                .filter(each -> each.status() != Condition.Status.TRUE
                        && List.of(
                                        Condition.PORT_ASSIGNED,
                                        Condition.READY,
                                        Condition.UNCONTESTED,
                                        Condition.UP_TO_DATE,
                                        Condition.WITHIN_LIMITS)
                                .contains(each.type()))
                .findFirst()
                .or(() -> instances.first().status().condition(Condition.PORT_ASSIGNED))
                .map(each -> OpenWords.sentence(each, full))
                .orElse("not looked at yet");
    }

    private static String text(Instances instances, Optional<Usage> usage, boolean full) {
        Service service = instances.first();
        Metadata metadata = service.metadata();
        TextTable head = TextTable.plain()
                .row("service", metadata.key())
                .row("state", Wire.camel(instances.state()).toLowerCase(Locale.ROOT));
        metadata.deletionTimestamp()
                .ifPresent(since -> head.row(
                        "deleted", "since " + Wire.time(since) + "; it is gone when nothing of it runs any more"));
        head.row("port", service.assigned().map(PortKey::toString).orElse("none"))
                .row("wants", wants(service))
                .row("pid", pid(service))
                .row(
                        "last exit",
                        service.status()
                                .runOrNone()
                                .lastExit()
                                .map(exit -> Wire.time(exit.at()) + ", " + exit.words())
                                .orElse("-"));
        usage.ifPresent(seen -> UsageView.rows(seen, head));
        head.row("owner", metadata.owner().display())
                .row("version", metadata.resourceVersion() + ", generation " + metadata.generation());
        TextTable conditions = TextTable.of("CONDITION", "STATUS", "REASON", "SINCE", "MESSAGE");
        conditions(instances).stream()
                .map(each -> ConditionView.of(each, full))
                .forEach(each -> conditions.row(
                        each.type(), each.status(), each.reason(), each.lastTransitionTime(), each.message()));
        return head + replicas(instances) + (conditions.isEmpty() ? "" : "\n" + conditions);
    }

    private static String replicas(Instances instances) {
        if (instances.replicas().isEmpty()) {
            return "";
        }
        TextTable table = TextTable.of("INSTANCE", "STATE", "PORT", "PID");
        instances
                .all()
                .forEach(each ->
                        table.row(each.key().name(), Wire.camel(each.status().state()), port(each), pid(each)));
        return "\n" + table;
    }

    private static String wants(Service service) {
        String preferred = service.spec().preferred().map(PortKey::toString).orElse("any port");
        String others =
                service.spec().alternativePorts().stream().map(String::valueOf).collect(Collectors.joining(", "));
        return preferred
                + (others.isEmpty() ? "" : ", else " + others)
                + service.spec()
                        .portRange()
                        .map(range -> ", else one of " + range)
                        .orElse("");
    }
}
