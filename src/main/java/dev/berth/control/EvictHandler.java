package dev.berth.control;

import dev.berth.host.SignalResult;
import dev.berth.model.Actor;
import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.HostSnapshot;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.model.User;
import dev.berth.plan.Addresses;
import dev.berth.plan.Policy;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Begins the eviction of a contested port: from a look made in this very pass, whose holders are the ones that were planned. */
final class EvictHandler {
    private final EvictionStart start;
    private final Acts<SignalResult> acts;
    private final Consumer<WorkKey> enqueue;
    private final Supplier<Policy> policy;
    private final DecisionLog log;

    EvictHandler(
            EvictionStart start,
            Acts<SignalResult> acts,
            Consumer<WorkKey> enqueue,
            Supplier<Policy> policy,
            DecisionLog log) {
        this.start = start;
        this.acts = acts;
        this.enqueue = enqueue;
        this.policy = policy;
        this.log = log;
    }

    Optional<String> evict(PortKey port, List<ProcessRef> holders, String reason, ServiceDraft draft) {
        Optional<Eviction> present =
                Optional.ofNullable(draft.situation().evictions().get(port));
        if (present.filter(eviction -> eviction.phase().isOpen()).isPresent()) {
            // Somebody asked for it already; its end brings this service here again.
            return Optional.empty();
        }
        Optional<HostSnapshot> fresh = draft.inspected(port);
        if (fresh.isEmpty()) {
            return Optional.of("port " + port + " was not looked at thoroughly in this pass");
        }
        Optional<Conflict> conflict = draft.openConflict(port);
        if (conflict.isEmpty()) {
            return Optional.of("no conflict is open about port " + port);
        }
        Service service = draft.service();
        EvictionStart.Prepared prepared = start.prepare(
                new EvictionStart.Wish(
                        port,
                        listener -> Addresses.collides(service.spec().wantedHost(), listener),
                        Actor.CONTROLLER,
                        Optional.of(service.key()),
                        conflict.map(Conflict::id),
                        policy.get().gracePeriod(service.spec()),
                        false,
                        facts -> mayEnd(service.metadata().owner(), facts),
                        reason),
                fresh.get(),
                policy.get());
        if (!(prepared instanceof EvictionStart.Prepared.Ready ready)) {
            return Optional.of("the holders of port " + port + " are others than a moment ago");
        }
        Set<ProcessRef> found = ready.eviction().targets().stream()
                .map(Eviction.Target::process)
                .collect(Collectors.toSet());
        if (!found.equals(new HashSet<>(holders))) {
            return Optional.of("the holders of port " + port + " are others than a moment ago");
        }
        begin(ready, present, conflict.get(), draft);
        return Optional.empty();
    }

    private void begin(
            EvictionStart.Prepared.Ready ready, Optional<Eviction> present, Conflict conflict, ServiceDraft draft) {
        Eviction eviction = ready.eviction()
                .withResourceVersion(present.map(Eviction::resourceVersion).orElse(0L));
        draft.begin(eviction);
        ready.intents().forEach(draft::audit);
        draft.conflict(conflict.withAction(EvictionJournal.attempt(
                Targets.signalOf(eviction) + " to " + Targets.names(eviction.targets()), draft.now())));
        List<String> intended =
                ready.intents().stream().flatMap(entry -> entry.act().stream()).toList();
        draft.beforeCommit(() -> acts.intended(intended), () -> acts.closed(intended));
        draft.afterCommit(() -> {
            log.decided(
                    eviction.conflict(),
                    "ending " + Targets.names(eviction.targets()) + " on port " + eviction.port() + " for "
                            + draft.service().key());
            enqueue.accept(WorkKey.eviction(eviction.port()));
        });
    }

    private static boolean mayEnd(User owner, ProcessFacts facts) {
        return owner.isRoot() || owner.uid() == facts.user().uid();
    }
}
