package dev.berth.control;

import dev.berth.model.Caller;
import dev.berth.model.RestartRequest;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Takes wishes about what runs: stores them, tells the loop, answers at once. What is returned is on disk. */
public final class RunRequests {
    /** Passes of the loop change a service's version as well; more concurrent changes than this are somebody's loop. */
    private static final int TRIES = 16;

    private final Registry registry;
    private final DryRuns dryRuns;
    private final Consumer<WorkKey> enqueue;
    private final InstantSource clock;
    private final Supplier<String> ids;

    RunRequests(
            Registry registry, DryRuns dryRuns, Consumer<WorkKey> enqueue, InstantSource clock, Supplier<String> ids) {
        this.registry = registry;
        this.dryRuns = dryRuns;
        this.enqueue = enqueue;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * What is wanted of a service.
     *
     * @param force its processes get no grace
     * @param port the port that it prefers from now on
     * @param key what the caller calls this request; the same key never restarts twice
     */
    public record Wish(Verb verb, boolean force, OptionalInt port, Optional<String> key) {}

    /** What is to be done. */
    public enum Verb {
        /** Let it run; one that is down is tried again. */
        START,
        /** Keep it stopped. */
        STOP,
        /** End it and start it, once. */
        RESTART
    }

    /** Asks for it, of every instance of the service; empty when there is no such service. */
    public Optional<Service> ask(ServiceKey service, Wish wish, Caller caller)
            throws StoreException, StaleVersionException {
        for (int tries = 1; ; tries++) {
            Optional<Service> current = registry.service(service);
            if (current.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(tryAsk(current.get(), wish, caller));
            } catch (StaleVersionException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private Service tryAsk(Service before, Wish wish, Caller caller) throws StoreException, StaleVersionException {
        Service after = wanted(before, wish, caller);
        ChangeSet.Builder changes = ChangeSet.builder();
        if (!after.equals(before)) {
            changes.put(after);
        }
        List<ServiceKey> concerned = new ArrayList<>(List.of(before.key()));
        Wish same = new Wish(wish.verb(), wish.force(), OptionalInt.empty(), wish.key());
        for (Service replica : Replicas.of(before.key(), registry.services())) {
            Service asked = wanted(replica, same, caller);
            if (replica.metadata().deletionTimestamp().isEmpty() && !asked.equals(replica)) {
                changes.put(asked);
                concerned.add(replica.key());
            }
        }
        if (concerned.size() == 1 && after.equals(before)) {
            return before;
        }
        registry.commit(changes.audit(Audits.ofService(
                        clock.instant(),
                        caller.actor(),
                        switch (wish.verb()) {
                            case START -> Audits.START_REQUESTED;
                            case STOP -> Audits.STOP_REQUESTED;
                            case RESTART -> Audits.RESTART_REQUESTED;
                        },
                        before.key(),
                        "asked for" + (wish.force() ? ", with force" : ""),
                        before.spec().equals(after.spec()) ? "" : Wishes.difference(before, after),
                        Optional.empty()))
                .build());
        concerned.forEach(key -> enqueue.accept(WorkKey.service(key)));
        return registry.service(before.key()).orElse(after);
    }

    /** The dry run of {@link #ask}: what would be done; empty when there is no such service. */
    public Optional<Planned> plan(ServiceKey service, Wish wish, Caller caller) {
        return registry.service(service).map(before -> {
            Service after = wanted(before, wish, caller);
            Declared.Change change =
                    before.spec().equals(after.spec()) ? Declared.Change.UNCHANGED : Declared.Change.CHANGED;
            return dryRuns.declare(List.of(new Declarations.Wanted(change, after)), List.of())
                    .get(0);
        });
    }

    private Service wanted(Service before, Wish wish, Caller caller) {
        Run run = before.status().runOrNone();
        if (wish.key().filter(run::knows).isPresent()) {
            return before;
        }
        ServiceSpec.Builder spec = before.spec().toBuilder().running(wish.verb() != Verb.STOP);
        wish.port().ifPresent(spec::port);
        Service declared = Wishes.changed(
                before,
                new Declaration(
                        before.key(),
                        spec.build(),
                        before.metadata().labels(),
                        before.metadata().annotations()));
        return isRequest(before, wish)
                ? declared.withStatus(declared.status()
                        .with(
                                run.asked(new RestartRequest(
                                        wish.key().orElseGet(ids), caller.actor(), wish.force(), clock.instant())),
                                declared.status().process()))
                : declared;
    }

    /** Only what Berth runs can be restarted, and only what is down started by asking again. */
    private static boolean isRequest(Service before, Wish wish) {
        if (before.spec().isObserved()) {
            return false;
        }
        return switch (wish.verb()) {
            case RESTART -> true;
            case START -> !before.status().isUp();
            case STOP -> wish.force() && before.status().isUp();
        };
    }
}
