package dev.berth.control;

import dev.berth.host.ExitStatus;
import dev.berth.host.ObservationException;
import dev.berth.host.ProcessControl;
import dev.berth.launch.Obstacle;
import dev.berth.launch.Preparation;
import dev.berth.model.Exit;
import dev.berth.model.HealthReading;
import dev.berth.model.LimitReading;
import dev.berth.model.ProcessRef;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.plan.RunFacts;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Looks at what a service's processes are, as far as judging it takes: usually no more than whether one of them lives. */
final class RunLooks {
    /** What programs say when bind fails with EADDRINUSE, in the words of the common runtimes. */
    private static final Pattern PORT_TAKEN = Pattern.compile(
            "EADDRINUSE|address (is )?already in use|port \\d+ is (already )?(in use|taken|allocated)"
                    + "|only one usage of each socket address|bind\\w*:? .*in use|errno 98",
            Pattern.CASE_INSENSITIVE);

    private final ProcessControl processes;
    private final FamilyLooks families;
    private final Preparation launches;
    private final Readings health;
    private final LimitReadings limits;
    private final LastLines lastLines;
    private final BooleanSupplier closing;
    private final InstantSource clock;
    private final RandomGenerator jitter;

    /** What health checks say. */
    interface Readings {
        Optional<HealthReading> reading(ServiceKey service, String launch);
    }

    /** How what services use compares with the thresholds. */
    interface LimitReadings {
        Optional<LimitReading> limits(Service service);
    }

    RunLooks(
            ProcessControl processes,
            FamilyLooks families,
            Preparation launches,
            Readings health,
            LimitReadings limits,
            LastLines lastLines,
            BooleanSupplier closing,
            InstantSource clock,
            RandomGenerator jitter) {
        this.processes = processes;
        this.families = families;
        this.launches = launches;
        this.health = health;
        this.limits = limits;
        this.lastLines = lastLines;
        this.closing = closing;
        this.clock = clock;
        this.jitter = jitter;
    }

    /** What was seen of the processes of the service; nothing for one that Berth runs nothing for. */
    RunFacts of(Service service, List<Service> all) throws ObservationException {
        Run run = service.status().runOrNone();
        if (service.spec().isObserved() && run.launch().isEmpty() && run.stop().isEmpty()) {
            return RunFacts.NOTHING;
        }
        Optional<ProcessRef> process = service.status().process();
        RunFacts.Leader leader = process.map(this::leader).orElse(RunFacts.Leader.NONE);
        boolean gone = leader == RunFacts.Leader.GONE && run.stop().isEmpty();
        // Also without a port: the pass that gives it one may start it at once.
        boolean startable = (gone || leader == RunFacts.Leader.NONE)
                && service.spec().running()
                && !service.spec().isObserved();
        Optional<Exit> exit = gone ? Optional.of(exit(service, process.orElseThrow())) : Optional.empty();
        RunFacts facts = new RunFacts(
                leader,
                exit,
                gone ? families.of(process.orElseThrow(), run, List.of()) : List.of(),
                exit.filter(known -> known.lastLines().stream()
                                .anyMatch(line -> PORT_TAKEN.matcher(line).find()))
                        .isPresent(),
                List.of(),
                List.of(),
                false,
                startable ? launches.installInputs(service) : Optional.empty(),
                HealthTies.running(service).flatMap(running -> health.reading(service.key(), running)),
                limits.limits(service),
                closing.getAsBoolean(),
                gone ? jitter.nextDouble() : 0);
        return startable && service.assigned().isPresent() ? foreseeing(facts, service, all) : facts;
    }

    /** The same with what keeps the service from being started: also of one that runs, were it ended now. */
    RunFacts foreseeing(RunFacts facts, Service service, List<Service> all) {
        List<Obstacle> obstacles = launches.obstacles(service, all);
        return facts.withObstacles(
                obstacles.stream().map(Obstacle::reason).distinct().toList(),
                obstacles.stream()
                        .flatMap(each -> each.detail().stream())
                        .distinct()
                        .toList(),
                obstacles.stream().allMatch(Obstacle::waits));
    }

    private RunFacts.Leader leader(ProcessRef process) {
        return switch (processes.liveness(process)) {
            case ALIVE -> RunFacts.Leader.ALIVE;
            case GONE -> RunFacts.Leader.GONE;
            case UNKNOWN -> RunFacts.Leader.UNKNOWN;
        };
    }

    /** How it ended, with what it said last. */
    Exit exit(Service service, ProcessRef process) {
        Optional<ExitStatus> status = processes.exitStatus(process);
        OptionalInt returned = OptionalInt.empty();
        OptionalInt signal = OptionalInt.empty();
        if (status.isPresent() && status.get() instanceof ExitStatus.Returned known) {
            returned = OptionalInt.of(known.status());
        } else if (status.isPresent() && status.get() instanceof ExitStatus.Signalled known) {
            signal = OptionalInt.of(known.signal());
        }
        return new Exit(clock.instant(), returned, signal, Optional.empty(), lastLines.of(service.key()));
    }
}
