package dev.berth.control;

import dev.berth.model.Eviction;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.User;
import dev.berth.plan.Policy;
import dev.berth.plan.Protection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Holders of the very sockets that an eviction empties who were not seen at its start: forked workers, mostly. */
final class Joining {
    private final HolderRules rules;

    Joining(HolderRules rules) {
        this.rules = rules;
    }

    /** Who else has the sockets. */
    sealed interface Found {
        /** Nobody: what is on the port now are other sockets. */
        record None() implements Found {}

        record Unseen(String reason) implements Found {}

        record Forbidden(String reason) implements Found {}

        record Joined(List<Eviction.Target> targets) implements Found {}
    }

    /** A rule that has come to protect one of those who are to be signalled (again), in words. */
    Optional<String> protectedNow(List<Eviction.Target> targets, Eviction eviction, HostSnapshot fresh, Policy policy) {
        for (Eviction.Target target : targets) {
            Optional<Protection.Rule> rule = Optional.ofNullable(
                            fresh.processes().get(target.process()))
                    .flatMap(facts -> rules.protection(facts, eviction.port(), policy));
            if (rule.isPresent()) {
                return Optional.of("port " + eviction.port() + " is held by " + Targets.names(List.of(target))
                        + ", which is protected by now: " + rule.get());
            }
        }
        return Optional.empty();
    }

    /** Whoever asked may end the processes of those users whose it was permitted to end at the start. */
    private static boolean isPermitted(Eviction eviction, ProcessFacts facts) {
        OptionalLong uid = OptionalLong.of(facts.user().uid());
        return eviction.requestedBy().uid().equals(OptionalLong.of(User.ROOT))
                || eviction.targets().stream().anyMatch(target -> target.uid().equals(uid));
    }

    Found look(Eviction eviction, List<Listener> sockets, HostSnapshot fresh, Policy policy) {
        Set<Long> ours = eviction.targets().stream()
                .flatMap(target -> target.inodes().stream())
                .collect(Collectors.toSet());
        List<Listener> same = sockets.stream()
                .filter(socket -> socket.inode().isPresent()
                        && ours.contains(socket.inode().getAsLong()))
                .toList();
        if (same.isEmpty()) {
            return new Found.None();
        }
        Map<ProcessRef, ProcessFacts> holders = new LinkedHashMap<>();
        for (Listener socket : same) {
            if (socket.ownership() instanceof Ownership.Unseen unseen) {
                return new Found.Unseen(unseen.reason());
            }
            for (ProcessRef holder : ((Ownership.Held) socket.ownership()).holders()) {
                ProcessFacts facts = fresh.processes().get(holder);
                if (facts == null) {
                    return new Found.Unseen(holder + " could not be read");
                }
                holders.put(holder, facts);
            }
        }
        for (ProcessFacts facts : holders.values()) {
            Optional<Protection.Rule> rule = rules.protection(facts, eviction.port(), policy);
            if (rule.isPresent()) {
                return new Found.Forbidden("port " + eviction.port() + " is also held by "
                        + EvictionStart.describe(facts) + ", which is protected: " + rule.get());
            }
            if (!isPermitted(eviction, facts)) {
                return new Found.Forbidden(
                        "port " + eviction.port() + " is also held by " + EvictionStart.describeToOthers(facts));
            }
        }
        return new Found.Joined(EvictionStart.topmostFirst(List.copyOf(holders.values())).stream()
                .map(facts -> EvictionStart.target(facts, same))
                .toList());
    }
}
