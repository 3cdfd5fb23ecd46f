package dev.berth.control;

import dev.berth.model.Actor;
import dev.berth.model.AuditEntry;
import dev.berth.model.Eviction;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Outcome;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.ServiceKey;
import dev.berth.plan.Policy;
import dev.berth.plan.Protection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** From a fresh look at a port to the eviction that would end its holders, or to the reason why nobody may be signalled. */
final class EvictionStart {
    private final HolderRules rules;
    private final InstantSource clock;
    private final Supplier<String> ids;

    EvictionStart(HolderRules rules, InstantSource clock, Supplier<String> ids) {
        this.rules = rules;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Who wants a port emptied, and how.
     *
     * @param permitted whose processes may be ended; a refusal names the rule {@code other-user}
     * @param reason for the audit log
     */
    record Wish(
            PortKey port,
            Predicate<Listener> colliding,
            Actor requestedBy,
            Optional<ServiceKey> service,
            Optional<String> conflict,
            Duration grace,
            boolean force,
            Predicate<ProcessFacts> permitted,
            String reason) {}

    /** What a fresh look makes of a wish. */
    sealed interface Prepared {
        /** To be stored together: the eviction with every intent. */
        record Ready(Eviction eviction, List<AuditEntry> intents, List<ProcessFacts> holders) implements Prepared {}

        /** No colliding socket is there. */
        record NobodyThere() implements Prepared {}

        /** Somebody is there who must not be signalled; nobody is. */
        record Refused(String rule, String reason) implements Prepared {}

        /** The holder could not be seen (yet). */
        record Unseen(String reason, boolean searching) implements Prepared {}
    }

    /** @param fresh an inspection of the port, made for this */
    Prepared prepare(Wish wish, HostSnapshot fresh, Policy policy) {
        List<Listener> sockets =
                fresh.on(wish.port()).stream().filter(wish.colliding()).toList();
        if (sockets.isEmpty()) {
            return new Prepared.NobodyThere();
        }
        Set<ProcessRef> holders = new LinkedHashSet<>();
        for (Listener socket : sockets) {
            if (socket.ownership() instanceof Ownership.Unseen unseen) {
                return new Prepared.Unseen(unseen.reason(), unseen.searching());
            }
            holders.addAll(((Ownership.Held) socket.ownership()).holders());
        }
        List<ProcessFacts> known = new ArrayList<>();
        for (ProcessRef holder : holders) {
            ProcessFacts facts = fresh.processes().get(holder);
            if (facts == null) {
                return new Prepared.Unseen(holder + " holds the port and could not be read", true);
            }
            known.add(facts);
        }
        for (ProcessFacts facts : known) {
            Optional<Prepared> refusal = refusal(facts, wish, policy);
            if (refusal.isPresent()) {
                return refusal.get();
            }
        }
        return ready(wish, topmostFirst(known), sockets);
    }

    private Optional<Prepared> refusal(ProcessFacts facts, Wish wish, Policy policy) {
        Optional<Protection.Rule> rule = rules.protection(facts, wish.port(), policy);
        if (rule.isPresent()) {
            return Optional.of(new Prepared.Refused(
                    rule.get().name(),
                    "port " + wish.port() + " is held by "
                            + (wish.permitted().test(facts) ? describe(facts) : describeToOthers(facts))
                            + ", which is protected: " + rule.get() + "; nothing was signalled"));
        }
        if (!wish.permitted().test(facts)) {
            return Optional.of(new Prepared.Refused(
                    "other-user",
                    "port " + wish.port() + " is held by " + describeToOthers(facts)
                            + ", which is not the asking one's to end; nothing was signalled"));
        }
        return Optional.empty();
    }

    private Prepared ready(Wish wish, List<ProcessFacts> holders, List<Listener> sockets) {
        Instant now = clock.instant();
        Eviction.Phase phase = wish.force() ? Eviction.Phase.KILLING : Eviction.Phase.TERMINATING;
        Duration length = wish.force() ? EndingPhase.KILL_WAIT : wish.grace();
        Eviction bare = new Eviction(
                wish.port(),
                ids.get(),
                wish.requestedBy(),
                wish.service(),
                wish.conflict(),
                wish.force(),
                wish.grace(),
                phase,
                holders.stream().map(facts -> target(facts, sockets)).toList(),
                now,
                now.plus(length),
                Optional.empty(),
                0);
        Intended intended = intend(bare, bare.targets(), wish.reason());
        return new Prepared.Ready(intended.eviction(), intended.audit(), holders);
    }

    /** An eviction in which {@code some} of its targets have an open act for the phase's signal, and the intents. */
    record Intended(Eviction eviction, List<AuditEntry> audit) {
        List<String> acts() {
            return audit.stream().flatMap(entry -> entry.act().stream()).toList();
        }
    }

    Intended intend(Eviction eviction, List<Eviction.Target> some, String reason) {
        Instant now = clock.instant();
        List<AuditEntry> audit = new ArrayList<>();
        List<Eviction.Target> targets = new ArrayList<>();
        for (Eviction.Target target : eviction.targets()) {
            if (some.contains(target)) {
                String act = ids.get();
                targets.add(Targets.withAct(target, Optional.of(act)));
                audit.add(Audits.signalled(
                        now,
                        eviction,
                        target,
                        act,
                        reason,
                        Outcome.INTENDED,
                        Targets.signalOf(eviction).name()));
            } else {
                targets.add(target);
            }
        }
        return new Intended(eviction.withTargets(targets), audit);
    }

    static Eviction.Target target(ProcessFacts facts, List<Listener> sockets) {
        Set<Long> inodes = sockets.stream()
                .filter(socket -> Targets.holds(socket, facts.ref()))
                .flatMap(socket -> socket.inode().stream().boxed())
                .collect(Collectors.toSet());
        return new Eviction.Target(
                facts.ref(),
                facts.command(),
                facts.ancestors().stream().findFirst().map(ancestor -> ancestor.ref()),
                facts.origin().respawner(),
                inodes,
                List.of(),
                Optional.empty(),
                false,
                OptionalLong.of(facts.user().uid()));
    }

    /** A holder above another one comes first: told to end, it usually ends those below by itself. */
    static List<ProcessFacts> topmostFirst(List<ProcessFacts> holders) {
        return holders.stream()
                .sorted(Comparator.<ProcessFacts>comparingLong(facts -> holders.stream()
                                .filter(other -> facts.descendsFrom(other.ref()))
                                .count())
                        .thenComparing(facts -> facts.ref().pid()))
                .toList();
    }

    /** Arguments may be secrets of its user's. */
    static String describeToOthers(ProcessFacts facts) {
        return facts.ref() + " (" + facts.comm() + ") of user " + facts.user().display();
    }

    static String describe(ProcessFacts facts) {
        return facts.ref() + " (" + facts.command() + ")";
    }
}
