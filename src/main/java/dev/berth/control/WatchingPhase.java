package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.Eviction;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.plan.Policy;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The port was seen free: does what was ended come back? */
final class WatchingPhase {
    /** An owner that is searched for is found within a few milliseconds, seldom more. */
    static final Duration SEARCH = Duration.ofMillis(50);

    private final Looks looks;
    private final EvictionWorld world;
    private final EvictionEnd end;
    private final Deadlines deadlines;
    private final Supplier<Policy> policy;
    private final InstantSource clock;
    private final Duration lookAge;
    private final HolderRules rules;

    WatchingPhase(
            Looks looks,
            EvictionWorld world,
            EvictionEnd end,
            Deadlines deadlines,
            Supplier<Policy> policy,
            InstantSource clock,
            Duration lookAge,
            HolderRules rules) {
        this.looks = looks;
        this.world = world;
        this.end = end;
        this.deadlines = deadlines;
        this.policy = policy;
        this.clock = clock;
        this.lookAge = lookAge;
        this.rules = rules;
    }

    Step step(Eviction eviction) throws ObservationException, StoreException, StaleVersionException {
        Duration left = deadlines.left(eviction, EvictionWorld.watchLength(eviction, policy.get()));
        if (!left.isZero() && world.colliding(eviction, looks.current(lookAge)).isEmpty()) {
            return new Step.Await(left);
        }
        HostSnapshot fresh = looks.inspect(eviction.port());
        List<Listener> sockets = world.colliding(eviction, fresh);
        if (!sockets.isEmpty()) {
            return taken(eviction, sockets, fresh);
        }
        if (!left.isZero()) {
            return new Step.Await(left);
        }
        EvictionWorld.Exits exits = world.exits(eviction, clock.instant());
        return end.freed(
                exits.eviction(),
                exits.audit(),
                UnaryOperator.identity(),
                "port " + eviction.port() + " is free, and stayed free");
    }

    /** Judges who took the port; also for the moment between the exit of the holders and the first look after it. */
    Step taken(Eviction eviction, List<Listener> sockets, HostSnapshot fresh)
            throws StoreException, StaleVersionException {
        EvictionWorld.Exits exits = world.exits(eviction, clock.instant());
        Aftermath.Taker taker = Aftermath.judge(eviction, sockets, fresh, world.service(eviction), rules);
        if (taker instanceof Aftermath.Taker.Searching) {
            return new Step.Await(SEARCH);
        }
        if (taker instanceof Aftermath.Taker.CameBack back) {
            return end.cameBack(exits.eviction(), exits.audit(), back);
        }
        String words = taker instanceof Aftermath.Taker.Own own
                ? "port " + eviction.port() + " is held by the service's own process now (" + own.process() + ")"
                : "port " + eviction.port() + " was emptied, and taken by somebody else: "
                        + ((Aftermath.Taker.Stranger) taker).description();
        end.stillTaken(eviction, words);
        return end.freed(exits.eviction(), exits.audit(), end.attemptsSucceeded(), words);
    }
}
