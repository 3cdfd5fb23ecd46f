package dev.berth.api;

import dev.berth.model.Caller;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often each user asks, over all their connections and tokens. The virtual scheduling form of the token bucket (GCRA, ITU-T
 * I.371): for each user one point in time, up to which what was asked is paid for. Safe for use by many threads.
 */
final class RequestRates {
    /** What may come at once, as so much time's worth of requests: a page and its parts, or a script that declares hundreds. */
    static final Duration BURST = Duration.ofSeconds(10);

    /** A change is judged, stored to disk and acted on, which takes at least so many times as long as an answer from memory. */
    static final int OF_A_CHANGE = 10;

    /** Users of whom we know this much; those who have nothing to pay are forgotten beyond it. */
    private static final int USERS = 1024;

    private final LongSupplier nanos;
    /** By uid, in monotonic nanoseconds. Guarded by this. */
    private final Map<Long, Long> paidUntil = new HashMap<>();

    /** @param nanos monotonic nanoseconds */
    RequestRates(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Counts a request, unless there were too many.
     *
     * @param rate requests in a second; a change is {@value #OF_A_CHANGE} of them
     * @return how long the caller is to wait first, and then nothing was counted; empty when the request may go on
     */
    synchronized Optional<Duration> ask(Caller caller, boolean isChange, int rate) {
        if (caller.administrator()) {
            // Where one user has the machine alone they are the administrator, and so is nobody else's harm.
            return Optional.empty();
        }
        long now = nanos.getAsLong();
        long uid = caller.user().uid();
        Long known = paidUntil.get(uid);
        long from = known == null || known - now < 0 ? now : known;
        long cost = Duration.ofSeconds(isChange ? OF_A_CHANGE : 1).toNanos() / rate;
        long early = from + cost - now - BURST.toNanos();
        if (early > 0) {
            return Optional.of(Duration.ofNanos(early));
        }
        paidUntil.put(uid, from + cost);
        if (paidUntil.size() > USERS) {
            paidUntil.values().removeIf(until -> until - now < 0);
        }
        return Optional.empty();
    }
}
