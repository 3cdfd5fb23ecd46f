package dev.berth.plan;

import dev.berth.model.Conflict;
import dev.berth.model.ConflictAction;
import dev.berth.model.ConflictHolder;
import dev.berth.model.Eviction;
import dev.berth.model.Outcome;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What earlier looks and acts say about a contest that is judged now. */
final class ContestPast {
    /** The word of the conflict's action that records the stopping of a unit or container. */
    static final String STOP_OWNER = "StopOwner";

    /**
     * So often a program is ended on one port within {@link #FIGHT_WINDOW}; after that it counts as one that comes back, also
     * when that takes longer than the port is watched. Once may be a person who starts a server again.
     */
    static final int MOST_ENDINGS = 2;

    static final Duration FIGHT_WINDOW = Duration.ofMinutes(10);

    private ContestPast() {}

    /** The contest is with a stale process of the service's own. */
    static boolean isOwn(Contest contest) {
        return contest.holder()
                .service()
                .filter(contest.service().key()::equals)
                .isPresent();
    }

    /**
     * Is the port still contested with whom the conflict was opened for? A holder that comes again with the same command
     * and user is the same one: a program that restarts every few seconds is one contest, not hundreds. What can't be
     * compared counts as the same.
     */
    static boolean isSameContest(Conflict conflict, ConflictHolder now, List<ProcessRef> holders) {
        ConflictHolder before = conflict.holder();
        if (before.process().filter(holders::contains).isPresent()
                || before.command().isEmpty()
                || now.command().isEmpty()) {
            return true;
        }
        return before.command().equals(now.command())
                && before.user().map(user -> user.uid()).equals(now.user().map(user -> user.uid()));
    }

    /** Who brought the holder back after it was ended, in this contest or an earlier one. */
    static Optional<String> cameBack(Situation situation, PortKey port, ConflictHolder holder, Instant now) {
        Optional<String> command = holder.command();
        if (command.isEmpty()) {
            return Optional.empty();
        }
        Eviction eviction = situation.evictions().get(port);
        if (eviction != null && eviction.phase() == Eviction.Phase.RESPAWNED) {
            return Optional.of(eviction.message().orElse("restarted by something that is not known"));
        }
        boolean endedBefore = eviction != null
                && eviction.phase() == Eviction.Phase.FREED
                && eviction.targets().stream()
                        .anyMatch(target ->
                                command.filter(target.command()::equals).isPresent());
        if (endedBefore) {
            return Optional.of("after the port had stayed free for a while, restarted by something that is not known");
        }
        List<PastEviction> same = situation.history().stream()
                .filter(past -> past.port().equals(port)
                        && command.filter(past.command()::equals).isPresent())
                .toList();
        return same.stream().findFirst().flatMap(PastEviction::cameBack).or(() -> returns(same, now));
    }

    private static Optional<String> returns(List<PastEviction> same, Instant now) {
        long lately = same.stream()
                .filter(past -> Duration.between(past.at(), now).abs().compareTo(FIGHT_WINDOW) < 0)
                .count();
        return lately < MOST_ENDINGS
                ? Optional.empty()
                : Optional.of("each of the last " + MOST_ENDINGS
                        + " times after a while, restarted by something that is" + " not known");
    }

    /** Why ending these holders failed in this contest; empty when it was not tried, or with others. */
    static Optional<String> failed(Situation situation, PortKey port, List<ProcessRef> holders) {
        return Optional.ofNullable(situation.evictions().get(port))
                .filter(eviction -> eviction.phase() == Eviction.Phase.FAILED)
                .filter(eviction -> eviction.targets().isEmpty()
                        || eviction.targets().stream().anyMatch(target -> holders.contains(target.process())))
                .map(eviction -> eviction.message().orElse("for a reason that was not recorded"));
    }

    /** What became of stopping the owner of the holder in this contest; empty when it was not tried or goes on. */
    static Optional<String> ownerStopped(Optional<Conflict> conflict) {
        return ownerStop(conflict)
                .filter(action -> action.outcome() != Outcome.INTENDED)
                .map(action -> action.outcome() == Outcome.FAILED
                        ? "stopping its owner failed: " + action.detail()
                        : "its owner was stopped, and the port is still held");
    }

    /** The owner of the holder is being stopped now. */
    static boolean isOwnerStopping(Optional<Conflict> conflict) {
        return ownerStop(conflict)
                .filter(action -> action.outcome() == Outcome.INTENDED)
                .isPresent();
    }

    private static Optional<ConflictAction> ownerStop(Optional<Conflict> conflict) {
        return conflict.flatMap(known -> known.actions().stream()
                .filter(action -> action.action().equals(STOP_OWNER))
                .reduce((first, second) -> second));
    }
}
