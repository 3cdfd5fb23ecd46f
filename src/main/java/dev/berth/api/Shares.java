package dev.berth.api;

import dev.berth.model.Caller;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A pool that all callers share, of which one user has no more than a part: administrators may have what there is. */
final class Shares {
    /** Three who ask for all they can get leave as much to everybody else. */
    private static final int PARTS = 4;

    private final int all;
    // Guarded by this.
    private final Map<Long, Integer> taken = new HashMap<>();
    private int total;

    Shares(int all) {
        this.all = all;
    }

    /** Why there is nothing to be had. */
    enum Shortage {
        ALL_TAKEN,
        OWN_PART_TAKEN
    }

    /** How much one user may have. */
    int part() {
        return all / PARTS;
    }

    /** Takes so much, or nothing and says why. */
    synchronized Optional<Shortage> take(Caller caller, int amount) {
        int own = taken.getOrDefault(caller.user().uid(), 0);
        if (total + amount > all) {
            return Optional.of(Shortage.ALL_TAKEN);
        }
        if (!caller.administrator() && own + amount > part()) {
            return Optional.of(Shortage.OWN_PART_TAKEN);
        }
        total += amount;
        taken.put(caller.user().uid(), own + amount);
        return Optional.empty();
    }

    synchronized void giveBack(Caller caller, int amount) {
        total -= amount;
        taken.computeIfPresent(caller.user().uid(), (uid, own) -> own > amount ? own - amount : null);
    }

    /** @param what there are so many of, such as {@code clients watch} */
    String words(Shortage shortage, String what) {
        return shortage == Shortage.ALL_TAKEN
                ? all + " " + what + " already, which is the most there may be"
                : part() + " " + what + " for you already, which is the most that one user may have";
    }
}
