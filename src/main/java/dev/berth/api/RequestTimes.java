package dev.berth.api;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How long one connection lets us wait, in monotonic nanoseconds. Time runs only while the client is to do something: send the
 * rest of a request, send another one, or read. An answer may take as long as it likes. For one thread.
 */
final class RequestTimes {
    /** Longer than clients and proxies keep a connection for another request, most of them some minutes. */
    static final Duration IDLE = Duration.ofMinutes(10);

    /** Of a client that reads at all, even a suspended one's network takes something in this time. */
    static final Duration STALLED = Duration.ofMinutes(1);

    private OptionalLong begun = OptionalLong.empty();
    private boolean isUsed;
    private int unanswered;
    private long quietSince;
    private long unsent;
    private long movedAt;

    RequestTimes(long opened) {
        this.quietSince = opened;
        this.movedAt = opened;
    }

    /** Bytes came: of the request that is coming in, or the first ones of the next. */
    void bytes(long now) {
        if (begun.isEmpty()) {
            begun = OptionalLong.of(now);
        }
    }

    /** A request is begun; returns how many there are now that were not answered to their end. */
    int headers() {
        isUsed = true;
        return ++unanswered;
    }

    /** The whole request is there. */
    void complete() {
        begun = OptionalLong.empty();
    }

    /** An answer was written to its end. */
    void answered(long now) {
        unanswered = Math.max(0, unanswered - 1);
        quietSince = now;
    }

    /** @param bytes that the client has not taken yet; any change means that it reads */
    void unsent(long bytes, long now) {
        if (bytes != unsent || bytes == 0) {
            unsent = bytes;
            movedAt = now;
        }
    }

    boolean isWaitingForRequest() {
        return begun.isPresent();
    }

    /** Why the connection should end; empty while all is well. */
    Optional<String> overdue(long now, Duration requestTime) {
        if (begun.isPresent() && now - begun.getAsLong() > requestTime.toNanos()) {
            return Optional.of("a request took too long to come");
        }
        if (unsent > 0 && now - movedAt > STALLED.toNanos()) {
            return Optional.of("an answer is not read");
        }
        Duration patience = isUsed ? IDLE : requestTime;
        if (begun.isEmpty() && unanswered == 0 && unsent == 0 && now - quietSince > patience.toNanos()) {
            return Optional.of("no request came");
        }
        return Optional.empty();
    }
}
