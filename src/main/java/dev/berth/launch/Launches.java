package dev.berth.launch;

import dev.berth.host.AccountException;
import dev.berth.host.Launcher.LaunchSpec;
import dev.berth.host.Rights;
import dev.berth.model.Fault;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.Launch;
import dev.berth.model.Launch.Step;
import dev.berth.model.Marker;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.User;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Makes launches of declarations. Safe for use by many threads; looks at files each time, because people mend what is
 * missing. Only where the logs' directory was fine a moment ago, it is taken to be so still.
 */
public final class Launches implements Preparation {
    /** Which instance of its service a process is, from 0: for programs that share work out by number. */
    static final String REPLICA = "BERTH_REPLICA";

    private final ExecutionContexts contexts;
    private final Path logs;
    private final String installation;
    private final LogPlace place;

    /**
     * @param contexts what each user's services start from
     * @param logs the directory of their logs
     * @param installation names Berth's memory, for the marker
     * @param nanos monotonic nanoseconds
     */
    public Launches(ExecutionContexts contexts, Path logs, String installation, LongSupplier nanos) {
        this.contexts = contexts;
        this.logs = logs;
        this.installation = installation;
        this.place = new LogPlace(nanos);
    }

    /** What became of preparing a launch. */
    public sealed interface Prepared {
        /** Everything is there. */
        record Ready(LaunchSpec spec) implements Prepared {}

        /** Why it can't be started now, each a sentence for the person who has to mend it. */
        record Refused(List<String> reasons) implements Prepared {
            public Refused {
                reasons = List.copyOf(reasons);
            }
        }
    }

    @Override
    public Prepared prepare(Service service, Collection<Service> all, Launch.Step step, String id) {
        ServiceSpec spec = service.spec();
        if ((step == Step.INSTALL ? spec.install() : spec.command()).isEmpty()) {
            return new Prepared.Refused(
                    List.of(step == Step.INSTALL ? "it has nothing to install" : "it has no command to start"));
        }
        ExecutionContext context;
        try {
            context = contexts.of(service.metadata().owner());
        } catch (AccountException unknown) {
            return new Prepared.Refused(List.of(String.valueOf(unknown.getMessage())));
        }
        Path log = log(service.key());
        LaunchDraft draft = new LaunchDraft(service.key(), spec, PortBook.of(service, all), step, context);
        List<Obstacle> obstacles = draft.withLog(log, place).obstacles();
        if (!obstacles.isEmpty()) {
            return new Prepared.Refused(reasons(obstacles));
        }
        return new Prepared.Ready(draft.spec(
                Map.of(
                        Marker.SERVICE,
                        Marker.of(service.key(), installation),
                        Marker.LAUNCH,
                        id,
                        REPLICA,
                        Integer.toString(service.key().instance())),
                log));
    }

    @Override
    public List<Obstacle> obstacles(Service service, Collection<Service> all) {
        Optional<String> inputs = installInputs(service);
        boolean installed = inputs.equals(service.status().runOrNone().installed());
        Step next = inputs.isEmpty() || installed ? Step.SERVICE : Step.INSTALL;
        return obstacles(service.metadata().owner(), service.key(), service.spec(), PortBook.of(service, all), next);
    }

    /**
     * What somebody has to mend before a service that is declared so can be started, each with its field; what only waits for
     * ports is none of it.
     *
     * @param owner whose service it would be
     * @param declared whether there is such a service
     */
    public List<Fault> unmet(User owner, ServiceKey key, ServiceSpec spec, Predicate<ServiceKey> declared) {
        Step next = spec.install().isPresent() ? Step.INSTALL : Step.SERVICE;
        return obstacles(owner, key, spec, PortBook.unassigned(key, declared), next).stream()
                .filter(each -> !each.waits())
                .map(each -> new Fault(each.field(), each.whole(), ""))
                .toList();
    }

    @Override
    public Optional<HealthCheckSpec> healthCheck(Service service, Collection<Service> all) {
        Templates templates = new Templates(service.key().origin().name(), PortBook.of(service, all));
        return service.spec()
                .healthCheck()
                .flatMap(check -> templates
                        .fill("healthCheck", check.target(), new ArrayList<>())
                        .map(check::withTarget));
    }

    @Override
    public Optional<Rights> rights(Service service) {
        try {
            return Optional.of(contexts.of(service.metadata().owner()).rights());
        } catch (AccountException unknown) {
            return Optional.empty();
        }
    }

    /** The ports that the service is told, as they are now. */
    public ToldPorts told(Service service, Collection<Service> all) {
        return ToldPorts.of(service.key().origin().name(), service.spec().dependsOn(), PortBook.of(service, all));
    }

    @Override
    public Optional<String> installInputs(Service service) {
        return service.spec().install().map(install -> {
            try {
                ExecutionContext context = contexts.of(service.metadata().owner());
                return InstallInputs.fingerprint(
                        install, directory(service.spec(), context.environment()), context.files());
            } catch (AccountException unknown) {
                // Nothing is installed for such a user; why is told when the launch is prepared.
                return InstallInputs.fingerprint(install, Optional.empty(), new OwnFiles());
            }
        });
    }

    /** Empty when the path that is written there can't be understood. */
    private static Optional<Path> directory(ServiceSpec spec, Map<String, String> environment) {
        try {
            return Optional.of(LaunchDraft.directory(spec, environment));
        } catch (IllegalArgumentException nowhere) {
            return Optional.empty();
        }
    }

    /** Where the service's output goes. A namespace's directory and a service's file can't have the same name. */
    public Path log(ServiceKey key) {
        Path directory = key.namespace().equals(ServiceKey.DEFAULT_NAMESPACE) ? logs : logs.resolve(key.namespace());
        return directory.resolve(key.name() + ".log");
    }

    private List<Obstacle> obstacles(User owner, ServiceKey key, ServiceSpec spec, PortBook ports, Step next) {
        if (spec.command().isEmpty()) {
            return List.of();
        }
        ExecutionContext context;
        try {
            context = contexts.of(owner);
        } catch (AccountException unknown) {
            return List.of(Obstacle.toMend("", String.valueOf(unknown.getMessage())));
        }
        LaunchDraft draft = new LaunchDraft(key, spec, ports, next, context).withLog(log(key), place);
        return (next == Step.INSTALL ? draft.withWhatFollows() : draft).obstacles();
    }

    private static List<String> reasons(List<Obstacle> obstacles) {
        return obstacles.stream().map(Obstacle::reason).distinct().toList();
    }
}
