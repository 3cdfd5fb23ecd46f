package dev.berth.plan;

import dev.berth.model.DecisionKind;
import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import dev.berth.model.ProcessFacts;
import dev.berth.model.User;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Has the last word on every decision: no strategy, built-in or a user's own, ends what must not be ended. A decision that
 * is replaced says which rule replaced it.
 */
final class Guard {
    private static final String LIMITED =
            "the service was declared by a token that is limited to its own, and the holder was"
                    + " not started for it";

    private final Policy policy;
    private final BerthIdentity berth;

    Guard(Policy policy, BerthIdentity berth) {
        this.policy = policy;
        this.berth = berth;
    }

    /**
     * What the rules look at beside the contest.
     *
     * @param holders facts of everyone who would be ended, the topmost first
     * @param stale they are the service's own
     * @param failed why ending them failed in this contest already
     * @param ownerStopped what became of stopping their owner in this contest already
     */
    record Evidence(
            Contest contest,
            List<ProcessFacts> holders,
            boolean stale,
            Optional<String> failed,
            Optional<String> ownerStopped) {
        Evidence {
            holders = List.copyOf(holders);
        }
    }

    /**
     * A decision that keeps the rules.
     *
     * @param owner the unit or container to be stopped instead of signalling the holder
     */
    record Ruling(DecisionKind kind, String reason, boolean needsApproval, Optional<Origin> owner) {}

    Ruling rule(Strategy.Decision decision, Evidence evidence) {
        Contest contest = evidence.contest();
        if (!policy.autoResolve() && decision.kind() != DecisionKind.REPORT) {
            return report("reconcile.autoResolve is off, otherwise it would be: " + word(decision.kind()) + ", because "
                    + decision.reason());
        }
        Strategy.Decision kept = decision;
        Optional<Origin> owner = Optional.empty();
        if (ends(decision.kind())) {
            owner = evidence.stale() ? Optional.empty() : owner(evidence.holders());
            Optional<String> refusal = whyNotEnd(decision.kind(), evidence, owner);
            if (refusal.isPresent()) {
                kept = instead(refusal.orElseThrow(), decision);
                owner = Optional.empty();
            }
        } else if (decision.kind() == DecisionKind.ADOPT) {
            Optional<String> refusal = whyNotAdopt(evidence);
            if (refusal.isPresent()) {
                kept = instead(refusal.orElseThrow(), decision);
            }
        }
        if (kept.kind() == DecisionKind.MIGRATE && contest.alternative().isEmpty()) {
            return report(kept.reason() + "; but " + whyNotMove());
        }
        boolean needsApproval = policy.confirm().contains(word(kept.kind()));
        return new Ruling(kept.kind(), kept.reason(), needsApproval, owner);
    }

    /** For contests that are settled among declarations, where no strategy is asked: the service yields if it can. */
    Ruling yield(String why, boolean canMove) {
        if (!policy.autoResolve()) {
            return report("reconcile.autoResolve is off, otherwise it would move, because " + why);
        }
        return canMove
                ? new Ruling(
                        DecisionKind.MIGRATE,
                        why,
                        policy.confirm().contains(word(DecisionKind.MIGRATE)),
                        Optional.empty())
                : report(why + "; but " + whyNotMove());
    }

    /** What is done where nobody approved the ruling in time: nothing that must be approved itself. */
    Ruling unapproved(Ruling asked, boolean canMove) {
        String why = "nobody approved to " + word(asked.kind()) + " within " + Words.duration(policy.approvalTtl());
        boolean mayMove = asked.kind() != DecisionKind.MIGRATE
                && canMove
                && !policy.confirm().contains(word(DecisionKind.MIGRATE));
        return mayMove
                ? new Ruling(
                        DecisionKind.MIGRATE,
                        why + "; moving instead (" + asked.reason() + ")",
                        false,
                        Optional.empty())
                : report(why + "; nothing is done until the holder changes (" + asked.reason() + ")");
    }

    private String whyNotMove() {
        return policy.allowMigration()
                ? "there is no other port for it: name more alternatives, or a range"
                : "conflicts.allowMigration is off";
    }

    private static boolean ends(DecisionKind kind) {
        return kind == DecisionKind.TERMINATE || kind == DecisionKind.RESTART;
    }

    private Optional<String> whyNotEnd(DecisionKind kind, Evidence evidence, Optional<Origin> owner) {
        Contest contest = evidence.contest();
        HolderKind holder = contest.holder().kind();
        if (contest.protection().isPresent()) {
            return Optional.of("protected: " + contest.protection().orElseThrow());
        }
        if (holder == HolderKind.KERNEL
                || holder == HolderKind.UNKNOWN
                || evidence.holders().isEmpty()) {
            return Optional.of("there is no process that was seen and could be ended");
        }
        if (kind == DecisionKind.RESTART && !evidence.stale()) {
            return Optional.of("the holder is not a stale process of the service's own");
        }
        Optional<String> foreign = evidence.holders().stream()
                .filter(process -> !mayEnd(contest.service().metadata().owner(), process.user())
                        || !mayEnd(berth.user(), process.user()))
                .map(process -> "another user's process (" + process.user().display() + "'s)")
                .findFirst();
        if (foreign.isPresent()) {
            return foreign;
        }
        if (contest.service().isLimitedToOwn() && !evidence.stale()) {
            return Optional.of(LIMITED);
        }
        Optional<String> owned = owner.flatMap(known -> whyNotStop(known, evidence));
        if (owned.isPresent()) {
            return owned;
        }
        if (policy.preserveForeign() && !evidence.stale()) {
            return Optional.of("conflicts.preserveForeign is on");
        }
        if (contest.cameBack().isPresent()) {
            return Optional.of("it came back, " + contest.cameBack().orElseThrow() + "; not fighting");
        }
        return evidence.failed().map(why -> "ending it failed: " + why);
    }

    private Optional<String> whyNotStop(Origin owner, Evidence evidence) {
        if (evidence.ownerStopped().isPresent()) {
            return evidence.ownerStopped();
        }
        if (berth.user().isRoot()
                && !evidence.contest().service().metadata().owner().isRoot()) {
            // Whoever's process it is: who is no administrator could not stop it themselves.
            return Optional.of("it belongs to " + ownerName(owner) + ", which only an administrator may stop");
        }
        return policy.stopOwners()
                ? Optional.empty()
                : Optional.of("it belongs to " + ownerName(owner)
                        + ", which is never ended from below; it would be stopped with `" + stopCommand(owner)
                        + "` (setting conflicts.stopOwners)");
    }

    private static Optional<String> whyNotAdopt(Evidence evidence) {
        Contest contest = evidence.contest();
        if (evidence.holders().isEmpty() || contest.holder().kind() == HolderKind.UNKNOWN) {
            return Optional.of("there is no process that was seen and could be adopted");
        }
        if (!contest.sameUser()) {
            return Optional.of("another user's process is never adopted");
        }
        if (contest.service().isLimitedToOwn()) {
            return Optional.of(LIMITED);
        }
        if (contest.protection().isPresent()) {
            return Optional.of("protected: " + contest.protection().orElseThrow());
        }
        return contest.holder()
                .service()
                .filter(key -> !key.equals(contest.service().key()))
                .map(key -> "it belongs to service " + key);
    }

    private static boolean mayEnd(User who, User whose) {
        return who.isRoot() || who.uid() == whose.uid();
    }

    /** The unit or container that one of the holders belongs to. */
    private static Optional<Origin> owner(List<ProcessFacts> holders) {
        return holders.stream()
                .map(ProcessFacts::origin)
                .filter(origin -> origin.kind() == HolderKind.UNIT || origin.kind() == HolderKind.CONTAINER)
                .findFirst();
    }

    private static String ownerName(Origin owner) {
        return owner.unit()
                .map(unit -> "unit " + unit)
                .or(() -> owner.container().map(container -> "container " + container))
                .orElse("a container");
    }

    private static String stopCommand(Origin owner) {
        return owner.unit()
                .map(unit -> (owner.userUnit() ? "systemctl --user stop " : "systemctl stop ") + unit)
                .orElseGet(() -> "docker stop " + owner.container().orElse("CONTAINER"));
    }

    private static Strategy.Decision instead(String rule, Strategy.Decision wanted) {
        return new Strategy.Decision(
                DecisionKind.MIGRATE,
                rule + "; moving instead of " + word(wanted.kind()) + " (" + wanted.reason() + ")");
    }

    private static Ruling report(String reason) {
        return new Ruling(DecisionKind.REPORT, reason, false, Optional.empty());
    }

    private static String word(DecisionKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
