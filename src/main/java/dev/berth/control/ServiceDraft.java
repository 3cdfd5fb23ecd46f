package dev.berth.control;

import dev.berth.model.Actor;
import dev.berth.model.AuditEntry;
import dev.berth.model.Condition;
import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.HostSnapshot;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceStatus;
import dev.berth.plan.Action;
import dev.berth.plan.Plan;
import dev.berth.plan.PortOrder;
import dev.berth.plan.Situation;
import dev.berth.store.ChangeSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What one pass is going to store, gathered action by action: everything of a plan is committed together. */
final class ServiceDraft {
    private final Situation situation;
    private final Plan plan;
    private final Instant now;
    /** Thorough looks made in this pass before acting, by port. */
    private final Map<PortKey, HostSnapshot> inspected;
    /** For whom ports are claimed until the commit. */
    private final Object claimant;

    private OptionalInt port;
    private Optional<ProcessRef> process;
    private Optional<Run> run;
    private final Map<String, Conflict> conflicts = new LinkedHashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private final List<AuditEntry> audit = new ArrayList<>();
    private final Map<PortKey, Eviction> evictions = new LinkedHashMap<>();
    private final List<Eviction> finished = new ArrayList<>();
    private final List<Runnable> beforeCommit = new ArrayList<>();
    private final List<Runnable> withoutCommit = new ArrayList<>();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private final List<Runnable> ofStart = new ArrayList<>();
    /** What is stored first of all; when present the service of the situation is not stored itself. */
    private Optional<Stopping.Progress.Over> ended = Optional.empty();

    ServiceDraft(Situation situation, Plan plan, Instant now, Map<PortKey, HostSnapshot> inspected, Object claimant) {
        this.situation = situation;
        this.plan = plan;
        this.now = now;
        this.inspected = inspected;
        this.claimant = claimant;
        port = service().status().port();
        process = service().status().process();
        run = service().status().run();
        for (Conflict conflict : situation.conflicts()) {
            if (conflict.state().isOpen()) {
                conflicts.put(conflict.id(), conflict);
            }
        }
    }

    Service service() {
        return situation.service();
    }

    Situation situation() {
        return situation;
    }

    Plan plan() {
        return plan;
    }

    Object claimant() {
        return claimant;
    }

    Instant now() {
        return now;
    }

    Optional<HostSnapshot> inspected(PortKey of) {
        return Optional.ofNullable(inspected.get(of));
    }

    OptionalInt port() {
        return port;
    }

    void port(OptionalInt value) {
        port = value;
    }

    Optional<ProcessRef> process() {
        return process;
    }

    void process(Optional<ProcessRef> value) {
        process = value;
    }

    Optional<Run> run() {
        return run;
    }

    void run(Run value) {
        run = Optional.of(value);
    }

    /** The open conflict about the port, else the one that this pass closes. */
    Optional<Conflict> conflict(PortKey on) {
        return openConflict(on)
                .or(() -> conflicts.values().stream()
                        .filter(conflict -> conflict.port().equals(on))
                        .findFirst());
    }

    Optional<Conflict> openConflict(PortKey on) {
        return conflicts.values().stream()
                .filter(conflict ->
                        conflict.port().equals(on) && conflict.state().isOpen())
                .findFirst();
    }

    List<Conflict> openConflicts() {
        return conflicts.values().stream()
                .filter(conflict -> conflict.state().isOpen())
                .toList();
    }

    /** The contest that a step belongs to which is about another port than the contested one. */
    Optional<Conflict> contest() {
        return plan.actions().stream()
                .filter(Action.CloseConflict.class::isInstance)
                .map(action -> ((Action.CloseConflict) action).port())
                .findFirst()
                .or(() -> service().spec().preferred())
                .flatMap(this::conflict)
                .or(() -> conflicts.values().stream().findFirst());
    }

    void conflict(Conflict conflict) {
        conflicts.put(conflict.id(), conflict);
        changed.add(conflict.id());
    }

    /** The same with its start left to the next pass. */
    ServiceDraft withoutStart() {
        if (starts()) {
            run = service().status().run();
            audit.removeIf(entry -> entry.action().equals(Audits.PROCESS_STARTED));
            beforeCommit.removeAll(ofStart);
            withoutCommit.removeAll(ofStart);
        }
        return this;
    }

    private boolean starts() {
        return plan.actions().stream().anyMatch(Action.StartProcess.class::isInstance);
    }

    /** As {@link #beforeCommit}, of a start. */
    void withStartIntent(Runnable step, Runnable back) {
        ofStart.addAll(List.of(step, back));
        beforeCommit(step, back);
    }

    /** The service of the situation is what this made of the one that is stored. */
    void follows(Stopping.Progress.Over end) {
        ended = Optional.of(end);
    }

    void audit(AuditEntry entry) {
        audit.add(entry);
    }

    /** An entry by the loop about the service itself. */
    void audit(String action, String reason, String detail, Optional<Conflict> conflict) {
        audit.add(Audits.ofService(
                now, Actor.CONTROLLER, action, service().key(), reason, detail, conflict.map(Conflict::id)));
    }

    void begin(Eviction eviction) {
        evictions.put(eviction.port(), eviction);
    }

    void finish(Eviction eviction) {
        finished.add(eviction);
    }

    /** To be done just before everything is stored, and taken back when that fails. */
    void beforeCommit(Runnable step, Runnable back) {
        beforeCommit.add(step);
        withoutCommit.add(back);
    }

    void committing() {
        beforeCommit.forEach(Runnable::run);
    }

    void notCommitted() {
        withoutCommit.forEach(Runnable::run);
    }

    /** To be done once everything is on disk, in order. */
    void afterCommit(Runnable step) {
        afterCommit.add(step);
    }

    void committed() {
        ended.ifPresent(over -> over.stored().run());
        afterCommit.forEach(Runnable::run);
    }

    /** The service as it will be stored. */
    Service result() {
        return remembering()
                .withStatus(new ServiceStatus(
                        plan.state(),
                        port,
                        process,
                        run.map(Run::failures).orElse(service().status().restarts()),
                        service().metadata().generation(),
                        Condition.merge(service().status().conditions(), plan.conditions()),
                        run));
    }

    /** With a note of the port that it gives back, so that it gets the same one again. */
    private Service remembering() {
        OptionalInt before = service().status().port();
        if (before.isEmpty() || port.isPresent()) {
            return service();
        }
        Map<String, String> annotations =
                new LinkedHashMap<>(service().metadata().annotations());
        annotations.put(PortOrder.LAST_PORT_ANNOTATION, Integer.toString(before.getAsInt()));
        return new Service(
                service().metadata().withLabels(service().metadata().labels(), annotations),
                service().spec(),
                service().status());
    }

    /** Empty when the world is as wanted and told. */
    ChangeSet changes() {
        ChangeSet.Builder changes = ChangeSet.builder();
        Service result = result();
        if (ended.isPresent() || !result.equals(service())) {
            changes.put(result);
        }
        changed.forEach(id -> Optional.ofNullable(conflicts.get(id)).ifPresent(changes::put));
        finished.forEach(changes::delete);
        evictions.values().forEach(changes::put);
        ended.ifPresent(over -> over.entries().forEach(changes::audit));
        audit.forEach(changes::audit);
        return changes.build();
    }
}
