package dev.berth.plan;

import dev.berth.model.Ancestor;
import dev.berth.model.Blockage;
import dev.berth.model.Completeness;
import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.Exit;
import dev.berth.model.HealthReading;
import dev.berth.model.HolderKind;
import dev.berth.model.HostSnapshot;
import dev.berth.model.LimitReading;
import dev.berth.model.Listener;
import dev.berth.model.Metadata;
import dev.berth.model.Origin;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import dev.berth.model.ServiceStatus;
import dev.berth.model.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A situation put together step by step: one machine, its processes, and one service that is asked about. */
final class World {
    static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");
    static final User ANN = User.of(1000, "ann");
    static final User BOB = User.of(1001, "bob");
    static final User ROOT = User.of(0, "root");
    static final String BOOT = "boot";
    static final ProcessRef BERTH = new ProcessRef(500, 5000, BOOT);
    static final ProcessRef SHELL = new ProcessRef(400, 4000, BOOT);
    static final ProcessRef INIT = new ProcessRef(1, 1, BOOT);

    Service service;
    Policy policy = Policy.defaults();
    Instant now = NOW;
    Completeness completeness = Completeness.full();
    static final String INSTALLATION = "test";

    BerthIdentity berth = new BerthIdentity(BERTH, ANN, List.of(SHELL, INIT), INSTALLATION, NOW);

    final List<Service> others = new ArrayList<>();
    final List<Reservation> reservations = new ArrayList<>();
    final List<Listener> listeners = new ArrayList<>();
    final Map<ProcessRef, ProcessFacts> processes = new HashMap<>();
    final Map<PortKey, Blockage> blockages = new HashMap<>();
    final List<Conflict> conflicts = new ArrayList<>();
    final Map<PortKey, Eviction> evictions = new HashMap<>();
    final List<PastEviction> history = new ArrayList<>();
    Losses losses = Losses.NONE;
    final Set<ProcessRef> ended = new HashSet<>();
    final List<ProcessRef> family = new ArrayList<>();
    final List<String> obstacles = new ArrayList<>();
    final List<String> details = new ArrayList<>();

    @Nullable
    Exit exit;

    boolean portTaken;
    boolean closing;
    Optional<String> installInputs = Optional.empty();
    Optional<HealthReading> health = Optional.empty();
    Optional<LimitReading> limits = Optional.empty();
    private long cookies = 1;

    World(Service service) {
        this.service = service;
    }

    static World wanting(ServiceSpec spec) {
        return new World(service("backend", spec, ANN, 0));
    }

    /** @param age seconds that it was declared before {@link #NOW} less an hour; more is older */
    static Service service(String name, ServiceSpec spec, User owner, int age) {
        Metadata metadata = new Metadata(
                "default",
                name,
                "uid-" + name,
                Map.of(),
                Map.of(),
                owner,
                List.of(),
                1,
                1,
                NOW.minusSeconds(3600L + age),
                Optional.empty());
        return new Service(metadata, spec, ServiceStatus.unseen());
    }

    /** The service with this port and holder, as a pass would have left it. */
    static Service seated(Service service, int port, Optional<ProcessRef> holder) {
        return service.withStatus(new ServiceStatus(
                ServiceState.PENDING,
                OptionalInt.of(port),
                holder,
                0,
                service.metadata().generation(),
                service.status().conditions()));
    }

    World at(int port) {
        service = seated(service, port, Optional.empty());
        return this;
    }

    World at(int port, ProcessFacts holder) {
        service = seated(service, port, Optional.of(holder.ref()));
        return this;
    }

    static ProcessFacts process(long pid, User user, String command) {
        return process(pid, user, command, Origin.of(HolderKind.FOREIGN));
    }

    static ProcessFacts process(long pid, User user, String command, Origin origin) {
        List<String> words = List.of(command.split(" "));
        String program = words.get(0);
        return new ProcessFacts(
                new ProcessRef(pid, pid * 10, BOOT),
                user,
                program.length() > 15 ? program.substring(0, 15) : program,
                words,
                Optional.of("/usr/bin/" + program),
                Optional.of("/home/" + user.display()),
                NOW.minusSeconds(60),
                pid,
                pid,
                List.of(
                        new Ancestor(new ProcessRef(300, 3000, BOOT), "bash", Optional.empty()),
                        new Ancestor(INIT, "systemd", Optional.empty())),
                false,
                Optional.empty(),
                origin);
    }

    static Origin noted(HolderKind kind, String note) {
        return new Origin(kind, Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.of(note));
    }

    static ProcessFacts marked(ProcessFacts process, String marker) {
        return new ProcessFacts(
                process.ref(),
                process.user(),
                process.comm(),
                process.commandLine(),
                process.executable(),
                process.workingDirectory(),
                process.startedAt(),
                process.processGroup(),
                process.session(),
                process.ancestors(),
                process.kernelThread(),
                Optional.of(marker + "@" + INSTALLATION),
                process.origin());
    }

    static ProcessFacts below(ProcessFacts child, ProcessFacts parent) {
        List<Ancestor> ancestors = new ArrayList<>();
        ancestors.add(new Ancestor(parent.ref(), parent.comm(), parent.executable()));
        ancestors.addAll(parent.ancestors());
        return new ProcessFacts(
                child.ref(),
                child.user(),
                child.comm(),
                child.commandLine(),
                child.executable(),
                child.workingDirectory(),
                child.startedAt(),
                child.processGroup(),
                child.session(),
                ancestors,
                child.kernelThread(),
                child.marker(),
                child.origin());
    }

    World listens(int port, ProcessFacts... holders) {
        return listens("0.0.0.0", port, false, holders);
    }

    World listens(String address, int port, boolean dualStack, ProcessFacts... holders) {
        if (holders.length == 0) {
            return this;
        }
        List<ProcessRef> refs = new ArrayList<>();
        for (ProcessFacts holder : holders) {
            processes.put(holder.ref(), holder);
            refs.add(holder.ref());
        }
        return socket(address, port, dualStack, new Ownership.Held(refs));
    }

    World socket(String address, int port, boolean dualStack, Ownership ownership) {
        listeners.add(new Listener(
                Protocol.TCP,
                address,
                port,
                dualStack,
                ANN.uid(),
                cookies,
                OptionalLong.of(1000 + cookies),
                ownership));
        cookies++;
        return this;
    }

    World unseen(int port, String reason, boolean searching) {
        return socket("0.0.0.0", port, false, new Ownership.Unseen(reason, searching));
    }

    World nobodyListens(int port) {
        listeners.removeIf(listener -> listener.port() == port);
        return this;
    }

    World other(Service other) {
        others.add(other);
        return this;
    }

    World reserved(int port, String holder) {
        reservations.add(new Reservation(
                PortKey.tcp(port),
                holder,
                ANN,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Reservation.Enforcement.HELD,
                Optional.empty(),
                Optional.empty(),
                NOW,
                1));
        return this;
    }

    World blocked(int port, Blockage.Cause cause) {
        PortKey key = PortKey.tcp(port);
        blockages.put(key, new Blockage(key, cause, "blocked by " + cause));
        return this;
    }

    World policy(Policy value) {
        policy = value;
        return this;
    }

    World spec(ServiceSpec spec) {
        service = new Service(service.metadata(), spec, service.status());
        return this;
    }

    /** Declared anew, as a PUT does it. */
    World redeclared(ServiceSpec spec) {
        service = new Service(
                service.metadata().withGeneration(service.metadata().generation() + 1), spec, service.status());
        return this;
    }

    /** As the loop would find the processes of the service: what is recorded runs, unless it is among the ended. */
    private RunFacts run() {
        RunFacts.Leader leader = service.status()
                .process()
                .map(process -> ended.contains(process) ? RunFacts.Leader.GONE : RunFacts.Leader.ALIVE)
                .orElse(RunFacts.Leader.NONE);
        return new RunFacts(
                leader,
                Optional.ofNullable(exit),
                List.copyOf(family),
                portTaken,
                List.copyOf(obstacles),
                List.copyOf(details),
                false,
                installInputs,
                health,
                limits,
                closing,
                0.5);
    }

    Situation situation() {
        return new Situation(
                service,
                others,
                reservations,
                new HostSnapshot(listeners, processes, now, completeness),
                blockages,
                conflicts,
                evictions,
                history,
                losses,
                berth,
                run());
    }

    Plan plan() {
        return plan(new Planner(Map.of()));
    }

    Plan plan(Planner planner) {
        return planner.plan(situation(), policy, now);
    }

    static ServiceKey key(String name) {
        return new ServiceKey("default", name);
    }
}
