package dev.berth.host;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Lets callers that ask at the same time about different things be answered by one look for all of them, begun after each of
 * them asked. For any thread.
 */
public final class SharedAnswer<Q, A> {
    private final SharedLook<A> looks;
    /** What somebody asks about just now, and how many do. */
    private final Map<Q, Integer> asked = new ConcurrentHashMap<>();

    /** @param nanos monotonic nanoseconds */
    public SharedAnswer(Look<Q, A> look, LongSupplier nanos) {
        looks = new SharedLook<>(() -> look.at(Set.copyOf(asked.keySet())), nanos);
    }

    /** Looks now; called by one thread at a time. */
    @FunctionalInterface
    public interface Look<Q, A> {
        A at(Set<Q> all) throws ObservationException;
    }

    /**
     * The answer, which may tell of more than was asked about.
     *
     * @throws ObservationException when the look failed; all that shared it get the same one
     */
    public A about(Set<Q> these) throws ObservationException {
        // Noted until the answer is there: a look that began a moment ago may have seen the note, and a later one
        // answers.
        these.forEach(each -> asked.merge(each, 1, Integer::sum));
        try {
            return looks.get();
        } finally {
            these.forEach(each -> asked.computeIfPresent(each, (same, askers) -> askers == 1 ? null : askers - 1));
        }
    }
}
