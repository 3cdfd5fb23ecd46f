package dev.berth.control;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Says what goes wrong once, not at every try. */
final class Troubles {
    private final DecisionLog log;
    // Guarded by this. What was told last of each subject that is in trouble.
    private final Map<Object, String> told = new HashMap<>();

    Troubles(DecisionLog log) {
        this.log = log;
    }

    void begin(Object subject, String words) {
        synchronized (this) {
            if (words.equals(told.put(subject, words))) {
                return;
            }
        }
        log.trouble(Optional.empty(), words);
    }

    void end(Object subject) {
        synchronized (this) {
            if (told.isEmpty() || told.remove(subject) == null) {
                return;
            }
        }
        log.decided(Optional.empty(), subject + " works again");
    }
}
