package dev.berth.store;

import dev.berth.model.ObjectRef;
import dev.berth.model.StoredObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The current objects of one kind: found by name, listed in one order. Immutable; a change makes a new one. */
final class Table<T extends StoredObject> {
    private final Class<T> type;
    private final Comparator<? super T> order;
    private final Map<ObjectRef, T> byRef;
    private final List<T> ordered;

    private Table(Class<T> type, Comparator<? super T> order, Map<ObjectRef, T> byRef, List<T> ordered) {
        this.type = type;
        this.order = order;
        this.byRef = byRef;
        this.ordered = List.copyOf(ordered);
    }

    /** @param order total: no two objects of different names may compare as equal */
    static <T extends StoredObject> Table<T> empty(Class<T> type, Comparator<? super T> order) {
        return new Table<>(type, order, Map.of(), List.of());
    }

    Optional<T> find(ObjectRef ref) {
        return Optional.ofNullable(byRef.get(ref));
    }

    List<T> list() {
        return ordered;
    }

    /** This table after the changes; an empty value removes. */
    Table<T> with(Map<ObjectRef, Optional<StoredObject>> changes) {
        if (changes.isEmpty()) {
            return this;
        }
        Map<ObjectRef, T> nextByRef = new HashMap<>(byRef);
        List<T> nextOrdered = new ArrayList<>(ordered);
        changes.forEach((ref, value) -> {
            T old = nextByRef.remove(ref);
            if (old != null) {
                nextOrdered.remove(Collections.binarySearch(nextOrdered, old, order));
            }
            if (value.isPresent()) {
                T added = type.cast(value.get());
                nextByRef.put(ref, added);
                nextOrdered.add(-Collections.binarySearch(nextOrdered, added, order) - 1, added);
            }
        });
        return new Table<>(type, order, nextByRef, nextOrdered);
    }
}
