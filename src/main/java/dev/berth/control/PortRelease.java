package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.host.SignalResult;
import dev.berth.model.AuditEntry;
import dev.berth.model.Blockage;
import dev.berth.model.Caller;
import dev.berth.model.ConflictAction;
import dev.berth.model.Eviction;
import dev.berth.model.HolderKind;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Marker;
import dev.berth.model.Metadata;
import dev.berth.model.Outcome;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Service;
import dev.berth.model.Units;
import dev.berth.plan.Action;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Ends what holds a port because somebody asked for it. The same path as the settling of conflicts, the same rules. */
public final class PortRelease {
    private static final int TRIES = 8;
    private static final String ANY = "0.0.0.0";

    /** What is said of a service that is to stay stopped, so that nothing starts it on the freed port again. */
    private static final String NOT_RUNNING = "running true → false";

    private final Surroundings by;
    private final Registry registry;
    private final Looks looks;
    private final Blockages blockages;
    private final EvictionStart start;
    private final Acts<SignalResult> acts;
    private final FreeWaiters waiters;
    private final Consumer<WorkKey> enqueue;

    PortRelease(
            Surroundings by,
            Looks looks,
            Blockages blockages,
            EvictionStart start,
            Acts<SignalResult> acts,
            FreeWaiters waiters,
            Consumer<WorkKey> enqueue) {
        this.by = by;
        this.registry = by.registry();
        this.looks = looks;
        this.blockages = blockages;
        this.start = start;
        this.acts = acts;
        this.waiters = waiters;
        this.enqueue = enqueue;
    }

    /**
     * Ends every holder of every socket of the port, on any address. Does not wait; the answer comes when the port was seen
     * free or it is known why not. Holders that the caller may not end are refused: other users', for most. When the holder is a
     * declared service's own process, that service is set to {@code running: false} in the same change.
     *
     * <p>Completes exceptionally with a {@link StoreException} when the intent could not be stored and with an
     * {@link ObservationException} when the port could not be looked at; nothing was signalled then.
     *
     * @param grace between SIGTERM and SIGKILL
     * @param force skips SIGTERM, never protection
     */
    public CompletionStage<Freed> free(PortKey port, Duration grace, boolean force, Caller caller) {
        try {
            for (int tries = 1; ; tries++) {
                try {
                    return tryFree(port, grace, force, caller);
                } catch (StaleVersionException e) {
                    if (tries == TRIES) {
                        throw e;
                    }
                }
            }
        } catch (ObservationException | StoreException | StaleVersionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<Freed> tryFree(PortKey port, Duration grace, boolean force, Caller caller)
            throws ObservationException, StoreException, StaleVersionException {
        Optional<Eviction> present = registry.eviction(port);
        HostSnapshot fresh = looks.inspect(port);
        EvictionStart.Prepared prepared = start.prepare(
                wish(port, grace, force, caller), fresh, by.policy().get());
        if (!(prepared instanceof EvictionStart.Prepared.Ready ready)) {
            return CompletableFuture.completedFuture(without(port, prepared));
        }
        Optional<String> owned = ownedElsewhere(port, ready.holders());
        if (owned.isPresent()) {
            return CompletableFuture.completedFuture(new Freed.StillTaken(port, owned.get(), List.of()));
        }
        return present.filter(eviction -> eviction.phase() == Eviction.Phase.TERMINATING
                                || eviction.phase() == Eviction.Phase.KILLING)
                        .isPresent()
                ? join(present.get(), force)
                : begin(ready, present, caller);
    }

    /** Somebody is ending them already: wait for the same end. */
    private CompletionStage<Freed> join(Eviction present, boolean force) throws StoreException, StaleVersionException {
        CompletableFuture<Freed> answer = waiters.await(present.id());
        boolean hurry = force && present.phase() == Eviction.Phase.TERMINATING;
        if (hurry) {
            registry.commit(ChangeSet.builder()
                    .put(present.entering(Eviction.Phase.TERMINATING, by.clock().instant()))
                    .build());
        } else if (!registry.eviction(present.port()).equals(Optional.of(present))) {
            // It may have ended before anybody waited.
            throw new StaleVersionException(present.ref(), present.resourceVersion(), OptionalLong.empty());
        }
        enqueue.accept(WorkKey.eviction(present.port()));
        return answer;
    }

    private CompletionStage<Freed> begin(EvictionStart.Prepared.Ready ready, Optional<Eviction> present, Caller caller)
            throws StoreException, StaleVersionException {
        Eviction eviction = ready.eviction()
                .withResourceVersion(present.map(Eviction::resourceVersion).orElse(0L));
        ChangeSet.Builder changes = ChangeSet.builder().put(eviction);
        ready.intents().forEach(changes::audit);
        List<Service> stopped = servicesOf(ready.holders());
        for (Service service : stopped) {
            changes.put(notRunning(service));
            changes.audit(stopped(service, eviction.port(), caller));
        }
        CompletableFuture<Freed> answer = waiters.await(eviction.id());
        List<String> intended =
                ready.intents().stream().flatMap(entry -> entry.act().stream()).toList();
        acts.intended(intended);
        try {
            registry.commit(changes.build());
        } catch (StoreException | StaleVersionException e) {
            acts.closed(intended);
            waiters.fail(eviction.id(), e);
            throw e;
        }
        // Before the log is written: somebody waits for the signal.
        enqueue.accept(WorkKey.eviction(eviction.port()));
        by.log()
                .decided(
                        Optional.empty(),
                        caller.display() + " asks to free port " + eviction.port() + "; ending "
                                + Targets.names(eviction.targets()));
        stopped.forEach(service -> enqueue.accept(WorkKey.service(service.key())));
        Instant at = by.clock().instant();
        return answer.thenApply(freed -> freed.after(stopped.stream()
                .map(service -> new ConflictAction(
                        "StopService", service.key() + ": " + NOT_RUNNING, at, Outcome.SUCCEEDED, Optional.empty()))
                .toList()));
    }

    /** The dry run of {@link #free}. */
    public FreePreview plan(PortKey port, Duration grace, boolean force, Caller caller) throws ObservationException {
        HostSnapshot fresh = looks.inspect(port);
        EvictionStart.Prepared prepared = start.prepare(
                wish(port, grace, force, caller), fresh, by.policy().get());
        if (prepared instanceof EvictionStart.Prepared.Ready ready) {
            Optional<String> owned = ownedElsewhere(port, ready.holders());
            if (owned.isPresent()) {
                return FreePreview.only(List.of(new Action.Report(port, owned.get())));
            }
            String how = force ? "SIGKILL at once" : "SIGTERM, and SIGKILL after " + Units.duration(grace);
            return new FreePreview(
                    servicesOf(ready.holders()).stream().map(Service::key).toList(),
                    List.of(new Action.EvictHolders(
                            port,
                            ready.eviction().targets().stream()
                                    .map(Eviction.Target::process)
                                    .toList(),
                            how + ", for " + Targets.names(ready.eviction().targets()))),
                    Optional.empty());
        }
        Freed answer = without(port, prepared);
        if (answer instanceof Freed.Refused refused) {
            return new FreePreview(List.of(), List.of(), Optional.of(refused));
        }
        return answer instanceof Freed.StillTaken taken
                ? FreePreview.only(List.of(new Action.Report(port, taken.reason())))
                : FreePreview.only(List.of());
    }

    private EvictionStart.Wish wish(PortKey port, Duration grace, boolean force, Caller caller) {
        return new EvictionStart.Wish(
                port,
                listener -> true,
                caller.actor(),
                Optional.empty(),
                Optional.empty(),
                grace,
                force,
                facts -> mayEnd(caller, facts),
                caller.display() + " asked to free port " + port);
    }

    /**
     * A user ends what is theirs; an administrator everything, where Berth is root itself. A token that is limited to its own
     * ends only what was started for services that it declared: what they are watching is somebody else's.
     */
    private boolean mayEnd(Caller caller, ProcessFacts facts) {
        boolean everything = caller.administrator()
                && (caller.user().isRoot() || by.berth().user().isRoot());
        boolean theirs = everything || facts.user().uid() == caller.user().uid();
        return theirs
                && !caller.isReader()
                && (!caller.isLimitedToOwn()
                        || registry.services().stream()
                                .anyMatch(service -> caller.hasDeclared(service)
                                        && service.status().runOrNone().launch().isPresent()
                                        && runsFor(service, facts)));
    }

    private static boolean runsFor(Service service, ProcessFacts facts) {
        return service.status()
                .process()
                .filter(process -> facts.ref().equals(process) || facts.descendsFrom(process))
                .isPresent();
    }

    /** The answer where nobody can be signalled. */
    private Freed without(PortKey port, EvictionStart.Prepared prepared) throws ObservationException {
        if (prepared instanceof EvictionStart.Prepared.Refused refused) {
            return new Freed.Refused(port, refused.rule(), refused.reason());
        }
        if (prepared instanceof EvictionStart.Prepared.Unseen unseen) {
            return new Freed.Refused(
                    port,
                    "unknown-holder",
                    "who holds port " + port + " can't be seen (" + unseen.reason()
                            + "), and nobody is signalled who was not seen");
        }
        Optional<Blockage> blockage = blockages.tryBind(port, ANY);
        return blockage.isEmpty()
                ? new Freed.AlreadyFree(port)
                : new Freed.StillTaken(
                        port,
                        "nothing listens on port " + port + ", and it can't be bound: "
                                + blockage.get().explanation(),
                        List.of());
    }

    /** A unit or container is never ended from below: its owner would start it again, or think that it crashed. */
    private Optional<String> ownedElsewhere(PortKey port, List<ProcessFacts> holders) {
        return holders.stream()
                .filter(facts -> facts.marker().isEmpty())
                .filter(facts -> facts.origin().kind() == HolderKind.UNIT
                        || facts.origin().kind() == HolderKind.CONTAINER)
                .findFirst()
                .map(facts -> "port " + port + " is held by " + EvictionStart.describe(facts) + " of "
                        + facts.origin()
                                .unit()
                                .map(unit -> "unit " + unit)
                                .or(() -> facts.origin().container().map(name -> "container " + name))
                                .orElse("a container")
                        + ", which is not ended from below"
                        + by.owners()
                                .commandFor(facts.origin())
                                .map(command -> "; stop it with: " + String.join(" ", command))
                                .orElse(""));
    }

    private List<Service> servicesOf(List<ProcessFacts> holders) {
        return registry.services().stream()
                .filter(service -> service.spec().running())
                .filter(service ->
                        holders.stream().anyMatch(facts -> runsFor(service, facts) || wasJustStarted(service, facts)))
                // One instance can't be stopped for good without its service.
                .flatMap(service -> registry.service(service.key().origin()).stream())
                .distinct()
                .toList();
    }

    /** Of those that start together it is stored a moment later which process each is; until then its marker tells. */
    private boolean wasJustStarted(Service service, ProcessFacts facts) {
        return service.status().process().isEmpty()
                && service.status().isUp()
                && service.metadata().owner().uid() == facts.user().uid()
                && facts.marker()
                        .filter(Marker.of(service.key(), by.berth().installation())::equals)
                        .isPresent();
    }

    private static Service notRunning(Service service) {
        Metadata metadata = service.metadata().withGeneration(service.metadata().generation() + 1);
        return new Service(metadata, service.spec().toBuilder().running(false).build(), service.status());
    }

    private AuditEntry stopped(Service service, PortKey port, Caller caller) {
        Instant now = by.clock().instant();
        return Audits.ofService(
                now,
                caller.actor(),
                Audits.SERVICE_DECLARED,
                service.key(),
                "port " + port + " was asked to be freed from it",
                NOT_RUNNING,
                Optional.empty());
    }
}
