package dev.berth.api;

import dev.berth.logs.LogReader;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** How many may read logs at a time, and how much of them may lie in memory until the clients have taken it. */
final class LogPlaces {
    /** Each costs a connection and five looks a second; people have fewer windows. */
    static final int MOST_FOLLOWERS = 64;

    /** Characters, a quarter of the daemon's memory at most: eight of the longest answers, or eighty usual ones. */
    static final int ROOM = 128 << 20;

    private static final int TOO_MANY = 429;
    private static final int RETRY_SECONDS = 10;

    private final Semaphore followers = new Semaphore(MOST_FOLLOWERS);
    private final Semaphore room = new Semaphore(ROOM);

    /** For one answer. Each method may be called more than once, by any thread. */
    final class Place implements AutoCloseable {
        private final AtomicInteger held;
        private final AtomicInteger following;

        private Place(int characters, int following) {
            this.held = new AtomicInteger(characters);
            this.following = new AtomicInteger(following);
        }

        /** The last lines are sent; what comes now is read piece by piece. */
        void delivered() {
            room.release(held.getAndSet(0));
        }

        @Override
        public void close() {
            delivered();
            followers.release(following.getAndSet(0));
        }
    }

    /**
     * A place for an answer, or a problem that says why there is none now.
     *
     * @param wanted how much it may have to hold
     * @param follow whether the client stays
     */
    Place take(LogReader.Selection wanted, boolean follow) {
        int characters = (int) Math.min(LogReader.HEAVIEST, (long) wanted.last() * LogReader.WIDEST);
        if (!room.tryAcquire(characters)) {
            throw refused("too many long tails of logs are being read; ask for fewer lines, or again in a moment");
        }
        int following = follow ? 1 : 0;
        if (!followers.tryAcquire(following)) {
            room.release(characters);
            throw refused(MOST_FOLLOWERS + " readers follow logs already, which is the most there may be;"
                    + " end one of them, or read without follow");
        }
        return new Place(characters, following);
    }

    private static RuntimeException refused(String why) {
        return Problems.problem(TOO_MANY, why)
                .withHeader("Retry-After", RETRY_SECONDS)
                .build();
    }
}
