package dev.berth.host.linux;

import java.util.Map;
import java.util.TreeMap;

/**
 * Processes whose descriptors this user may not read, by the user they belong to.
 *
 * @param byUser how many processes of each uid
 */
record Denials(Map<Long, Integer> byUser) {
    static final Denials NONE = new Denials(Map.of());

    Denials {
        byUser = Map.copyOf(byUser);
    }

    boolean isEmpty() {
        return byUser.isEmpty();
    }

    int total() {
        return byUser.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Counts while a search goes on. */
    static final class Counter {
        private final Map<Long, Integer> byUser = new TreeMap<>();

        void denied(long uid) {
            byUser.merge(uid, 1, Integer::sum);
        }

        Denials denials() {
            return byUser.isEmpty() ? NONE : new Denials(byUser);
        }
    }
}
