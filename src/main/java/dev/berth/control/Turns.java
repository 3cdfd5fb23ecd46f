package dev.berth.control;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Who comes when, each once. Not safe for use by two threads at once. */
final class Turns<K> {
    private final Map<K, Turn<K>> byKey = new HashMap<>();
    private final TreeSet<Turn<K>> byTime =
            new TreeSet<>(Comparator.<Turn<K>>comparingLong(Turn::at).thenComparingLong(Turn::order));
    private long orders;

    private record Turn<K>(K key, long at, long order) {}

    /** It comes then, and at no other time. */
    void put(K key, long at) {
        Turn<K> turn = new Turn<>(key, at, orders++);
        Turn<K> before = byKey.put(key, turn);
        if (before != null) {
            byTime.remove(before);
        }
        byTime.add(turn);
    }

    void remove(K key) {
        Turn<K> before = byKey.remove(key);
        if (before != null) {
            byTime.remove(before);
        }
    }

    /** Whose turn came first of those that have come; stays until it is put elsewhere or removed. */
    Optional<K> due(long now) {
        return byTime.isEmpty() || byTime.first().at() > now
                ? Optional.empty()
                : Optional.of(byTime.first().key());
    }

    /** When the first comes; empty when nobody does. */
    OptionalLong first() {
        return byTime.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(byTime.first().at());
    }
}
