package dev.berth.store;

import dev.berth.model.ObjectRef;
import dev.berth.model.StoredObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The current objects of one kind: found by name, listed in one order. Immutable; a change makes a new one. Each commit makes
 * one, so it is arrays all through, which are copied as a whole; a hash table would be filled anew, object by object.
 */
final class Table<T extends StoredObject> {
    private static final Comparator<ObjectRef> BY_NAME =
            Comparator.comparing(ObjectRef::namespace).thenComparing(ObjectRef::name);

    private final Class<T> type;
    private final Comparator<? super T> order;
    private final List<ObjectRef> names;
    /** Beside its name each. */
    private final List<T> byName;

    private final List<T> ordered;

    private Table(Class<T> type, Comparator<? super T> order, List<ObjectRef> names, List<T> byName, List<T> ordered) {
        this.type = type;
        this.order = order;
        this.names = names;
        this.byName = byName;
        // A list that others can keep without copying it: who makes something of it knows it again by its identity.
        this.ordered = List.copyOf(ordered);
    }

    /** @param order total: no two objects of different names may compare as equal */
    static <T extends StoredObject> Table<T> empty(Class<T> type, Comparator<? super T> order) {
        return new Table<>(type, order, List.of(), List.of(), List.of());
    }

    Optional<T> find(ObjectRef ref) {
        int at = Collections.binarySearch(names, ref, BY_NAME);
        return at < 0 ? Optional.empty() : Optional.of(byName.get(at));
    }

    List<T> list() {
        return ordered;
    }

    /** This table after the changes; an empty value removes. */
    Table<T> with(Map<ObjectRef, Optional<StoredObject>> changes) {
        if (changes.isEmpty()) {
            return this;
        }
        List<ObjectRef> nextNames = new ArrayList<>(names);
        List<T> nextByName = new ArrayList<>(byName);
        List<T> nextOrdered = new ArrayList<>(ordered);
        changes.forEach((ref, value) -> {
            int found = Collections.binarySearch(nextNames, ref, BY_NAME);
            int at = found < 0 ? -found - 1 : found;
            if (found >= 0) {
                nextNames.remove(at);
                T old = nextByName.remove(at);
                nextOrdered.remove(Collections.binarySearch(nextOrdered, old, order));
            }
            if (value.isPresent()) {
                T added = type.cast(value.get());
                nextNames.add(at, ref);
                nextByName.add(at, added);
                nextOrdered.add(-Collections.binarySearch(nextOrdered, added, order) - 1, added);
            }
        });
        return new Table<>(type, order, nextNames, nextByName, nextOrdered);
    }
}
