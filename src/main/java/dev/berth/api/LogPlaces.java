package dev.berth.api;

import dev.berth.logs.LogReader;
import dev.berth.model.Caller;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** How many may read logs at a time, and how much of them may lie in memory until the clients have taken it. */
final class LogPlaces {
    /** Each costs a connection and five looks a second; people have fewer windows. */
    static final int MOST_FOLLOWERS = 64;

    /** Characters, a quarter of the daemon's memory at most: eight of the longest answers, or eighty usual ones. */
    static final int ROOM = 128 << 20;

    private static final int TOO_MANY = 429;
    private static final int RETRY_SECONDS = 10;

    private final Shares followers = new Shares(MOST_FOLLOWERS);
    private final Shares room = new Shares(ROOM);

    /** For one answer. Each method may be called more than once, by any thread. */
    final class Place implements AutoCloseable {
        private final Caller reader;
        private final AtomicInteger held;
        private final AtomicInteger following;

        private Place(Caller reader, int characters, int following) {
            this.reader = reader;
            this.held = new AtomicInteger(characters);
            this.following = new AtomicInteger(following);
        }

        /** The last lines are sent; what comes now is read piece by piece. */
        void delivered() {
            room.giveBack(reader, held.getAndSet(0));
        }

        @Override
        public void close() {
            delivered();
            followers.giveBack(reader, following.getAndSet(0));
        }
    }

    /**
     * A place for an answer, or a problem that says why there is none now.
     *
     * @param wanted how much it may have to hold
     * @param follow whether the client stays
     * @param reader who asks; each user may have a part
     */
    Place take(LogReader.Selection wanted, boolean follow, Caller reader) {
        int characters = (int) Math.min(LogReader.HEAVIEST, (long) wanted.last() * LogReader.WIDEST);
        if (room.take(reader, characters).isPresent()) {
            throw refused("too many long tails of logs are being read; ask for fewer lines, or again in a moment");
        }
        int following = follow ? 1 : 0;
        Optional<Shares.Shortage> shortage = follow ? followers.take(reader, 1) : Optional.empty();
        if (shortage.isPresent()) {
            room.giveBack(reader, characters);
            throw refused(followers.words(shortage.get(), "readers follow logs")
                    + "; end one of them, or read without follow");
        }
        return new Place(reader, characters, following);
    }

    private static RuntimeException refused(String why) {
        return Problems.problem(TOO_MANY, why)
                .withHeader("Retry-After", RETRY_SECONDS)
                .build();
    }
}
