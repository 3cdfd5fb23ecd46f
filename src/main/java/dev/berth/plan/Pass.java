package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One question to the planner with everything that answering it takes. What is dear is made when it is first needed. */
final class Pass {
    final Situation situation;
    final Service service;
    final ServiceSpec spec;
    final Policy policy;
    final Instant now;
    final Protection protection;
    final PortJudge judge;
    final Claims claims;
    final Departures departures;
    private final ListenerIndex index;
    private @Nullable Availability availability;
    private @Nullable PortAllocator allocator;

    Pass(
            Situation situation,
            Policy policy,
            Instant now,
            ListenerIndex index,
            ClaimIndex claimed,
            ReservationIndex reserved,
            Patterns patterns) {
        this.situation = situation;
        this.service = situation.service();
        this.spec = service.spec();
        this.policy = policy;
        this.now = now;
        this.index = index;
        this.protection = new Protection(situation.berth(), policy, patterns);
        this.claims = new Claims(service, claimed, reserved);
        HolderView view = new HolderView(
                service, situation.services(), patterns, situation.berth().installation());
        this.departures = new Departures(service, situation.services(), claims::of, now);
        this.judge = new PortJudge(situation, index, now, patterns, protection, view, claims, departures);
    }

    Availability availability() {
        Availability made = availability;
        if (made == null) {
            made = new Availability(policy, index, claims, situation.blockages(), situation.evictions());
            availability = made;
        }
        return made;
    }

    PortAllocator allocator() {
        PortAllocator made = allocator;
        if (made == null) {
            made = new PortAllocator(service, policy, availability(), situation.losses(), now);
            allocator = made;
        }
        return made;
    }

    boolean isCovered() {
        return situation.host().completeness().covers(spec.protocol());
    }

    /** Who is known to hold sockets of the port. */
    Set<ProcessRef> holdersOf(PortKey port) {
        Set<ProcessRef> holders = new LinkedHashSet<>();
        for (Listener listener : index.on(port)) {
            if (listener.ownership() instanceof Ownership.Held held) {
                holders.addAll(held.holders());
            }
        }
        return holders;
    }

    Optional<Conflict> openConflict(PortKey port) {
        return situation.conflicts().stream()
                .filter(conflict ->
                        conflict.port().equals(port) && conflict.state().isOpen())
                .findFirst();
    }

    /** A contest that a person has decided not to settle. */
    Optional<Conflict> dismissedConflict(PortKey port) {
        return situation.conflicts().stream()
                .filter(conflict -> conflict.port().equals(port) && conflict.state() == Conflict.State.DISMISSED)
                .findFirst();
    }

    Optional<Eviction> eviction(PortKey port) {
        return Optional.ofNullable(situation.evictions().get(port));
    }

    /** The eviction of the port that still goes on. */
    Optional<Eviction> openEviction(PortKey port) {
        return eviction(port).filter(eviction -> eviction.phase().isOpen());
    }

    Optional<Condition> before(String type) {
        return service.status().condition(type);
    }
}
