package dev.berth.sim;

import dev.berth.host.Signal;
import dev.berth.model.AuditEntry;
import dev.berth.model.Conflict;
import dev.berth.model.DecisionKind;
import dev.berth.model.Eviction;
import dev.berth.model.HolderKind;
import dev.berth.model.Marker;
import dev.berth.model.Service;
import dev.berth.model.User;
import dev.berth.plan.Policy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Judges every signal of Berth's at the moment at which it hits, by what the machine and the disk know: the process must be
 * the one that a stored, still open intent names and hold the port, or belong to a service that is being stopped, and must
 * be one that may be ended at all.
 */
final class SignalRules implements Witness, Ledger.EvictionWitness {
    private static final Set<String> UNTOUCHABLE = Set.of("sshd", "dockerd", "docker-proxy", "containerd", "systemd");

    private final Ledger ledger;
    private final StopRules stops;
    private final Supplier<Policy> policy;
    private final Supplier<Optional<BerthProcess>> berth;
    private final Trace trace;
    private final Map<String, Boolean> foreignSpared = new HashMap<>();
    private final Set<String> approved = new HashSet<>();
    private long signals;

    SignalRules(
            Ledger ledger,
            StopRules stops,
            Supplier<Policy> policy,
            Supplier<Optional<BerthProcess>> berth,
            Trace trace) {
        this.ledger = ledger;
        this.stops = stops;
        this.policy = policy;
        this.berth = berth;
        this.trace = trace;
    }

    void approved(String conflict) {
        approved.add(conflict);
    }

    long signals() {
        return signals;
    }

    /** What is decided is decided by the settings of that moment. */
    @Override
    public void begun(Eviction eviction) {
        Policy now = policy.get();
        boolean conservative = eviction.service()
                .flatMap(ledger::service)
                .map(service -> service.spec().strategy().orElse(now.strategy()).equals("conservative"))
                .orElse(false);
        foreignSpared.put(eviction.id(), eviction.conflict().isPresent() && (now.preserveForeign() || conservative));
        Optional<Conflict> toTerminate = eviction.conflict()
                .flatMap(ledger::conflict)
                .filter(conflict -> conflict.decision() == DecisionKind.TERMINATE);
        toTerminate.map(Conflict::id).ifPresent(conflict -> {
            if (now.confirm().contains("terminate") && !approved.contains(conflict)) {
                throw new Violation("eviction of " + eviction.port() + " for " + conflict + " nobody approved");
            }
        });
    }

    @Override
    public void signalled(SimProcess process, Signal signal, boolean byBerth) {
        if (!byBerth) {
            return;
        }
        signals++;
        trace.add("signal", signal + " to " + process);
        mayBeEnded(process, signal);
        Optional<Service> stopped = stops.intent(process);
        boolean holds = intent(process)
                .filter(eviction ->
                        process.sockets.stream().anyMatch(socket -> socket.key().equals(eviction.port())))
                .isPresent();
        if (stopped.isPresent() && !holds) {
            stops.judge(process, signal, stopped.orElseThrow());
            return;
        }
        Eviction eviction = intent(process)
                .orElseThrow(() -> new Violation(
                        signal + " to " + process + " although no stored intent names it: " + ledger.openActs()));
        if (process.sockets.stream().noneMatch(socket -> socket.key().equals(eviction.port()))) {
            throw new Violation(signal + " to " + process + " which does not hold " + eviction.port());
        }
        if (policy.get().protectedPorts().contains(eviction.port().port())
                && !foreignSpared.containsKey(eviction.id())) {
            throw new Violation(signal + " for the protected port " + eviction.port());
        }
        Optional<Service> service = eviction.service().flatMap(ledger::service);
        User onBehalf = service.map(wants -> wants.metadata().owner())
                .orElseGet(() -> Users.of(
                        eviction.requestedBy().uid().isPresent()
                                ? eviction.requestedBy().uid().getAsLong()
                                : Users.DEV));
        if (!onBehalf.isRoot() && onBehalf.uid() != process.uid) {
            throw new Violation(signal + " to " + process + " on behalf of " + onBehalf.display());
        }
        if (foreignSpared.getOrDefault(eviction.id(), false)
                && service.isPresent()
                && !isOwn(process, service.orElseThrow())) {
            throw new Violation(signal + " to the foreign " + process + " which settings or strategy spare, for "
                    + service.orElseThrow().key());
        }
    }

    private void mayBeEnded(SimProcess process, Signal signal) {
        Optional<String> rule = berth.get().flatMap(mine -> mine.protects(process));
        HolderKind kind = process.origin.kind();
        boolean owned = kind == HolderKind.UNIT || kind == HolderKind.CONTAINER || kind == HolderKind.SYSTEM;
        boolean named = policy.get().protectedProcesses().stream()
                .anyMatch(pattern ->
                        Pattern.compile(pattern).matcher(process.command()).find()
                                && !process.program.comm().isEmpty());
        if (rule.isPresent() || owned || named || UNTOUCHABLE.contains(process.program.comm())) {
            throw new Violation(signal + " to the protected " + process + " (" + rule.orElse(kind.name()) + ")");
        }
        if (!berth.get().map(mine -> mine.maySee(process)).orElse(false)) {
            throw new Violation(signal + " to " + process + ", whose descriptors Berth can't read");
        }
    }

    private Optional<Eviction> intent(SimProcess process) {
        return ledger.evictions()
                .filter(eviction -> eviction.targets().stream()
                        .anyMatch(target -> target.process().equals(process.ref)
                                && target.openAct()
                                        .flatMap(ledger::openAct)
                                        .filter(entry -> names(entry, process))
                                        .isPresent()))
                .findFirst();
    }

    private static boolean names(AuditEntry entry, SimProcess process) {
        return entry.action().equals("ProcessSignalled")
                && entry.target().kind().equals("Process")
                && entry.target().name().equals(Long.toString(process.pid()));
    }

    /** Is this one of the service's own processes, by anything that can be proven? */
    static boolean isOwn(SimProcess process, Service service) {
        boolean marked = process.marker
                .map(Marker.of(service.key(), BerthProcess.INSTALLATION)::equals)
                .orElse(false);
        boolean recorded = service.status().process().map(process.ref::equals).orElse(false);
        boolean matches = process.uid == service.metadata().owner().uid()
                && service.spec().processPatterns().stream()
                        .anyMatch(pattern -> Pattern.compile(pattern)
                                .matcher(process.command())
                                .find());
        return marked || recorded || matches;
    }
}
