package dev.berth.host.linux;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Tells, for some 10 µs however many sockets there are, whether a look at all of them could show another set than the look
 * before. A socket that begins to listen, or gets its port over UDP, makes the kernel's {@link SocketCounts} grow. They shrink
 * again when another goes at the same time, but one that is closed is told of by the kernel, listener or connection: so where
 * nothing was destroyed and the counts are the same, nothing came and nothing went.
 *
 * <p>That leaves what changes neither. A connection that its peer broke off is counted no more, while its descriptor stays
 * open; beside it, a socket that was made before the last look begins to listen, or one that was made since while a socket
 * within the machine, or a connection in another network namespace, was closed. A UDP socket with a port connects, or
 * disconnects. Nothing in it is ever acted upon unseen, because whoever is about to act looks for himself; but for the sake of
 * these a look is never left out for long.
 *
 * <p>Belongs to the ticking thread.
 */
final class SocketChanges implements AutoCloseable {
    /**
     * A look this long ago is made anew whatever the kernel counts: two seconds at most, as holders are proven, less what makes
     * every eighth of the default ticks a look and not every ninth.
     */
    static final long LOOK_ANYWAY_NANOS = 1_900_000_000L;

    /**
     * After a look showed a change that nothing had told of, every tick looks for this long. Where that is no accident, but a
     * kernel whose counts mean something else, it costs what looking always costs, and one late notice a minute.
     */
    static final long DISTRUST_NANOS = 60_000_000_000L;

    private final Supplier<Optional<SocketCounts>> counts;
    private final BooleanSupplier destroyed;
    private final Runnable close;

    /** Of the last look, read before it began; empty when there is none to compare with. */
    private Optional<SocketCounts> atLook = Optional.empty();

    private Optional<SocketCounts> beforeLook = Optional.empty();
    private long lookedAt;
    private boolean anyDestroyed;
    /** Something told that the look which is under way may show a change. */
    private boolean expected;

    private Optional<Long> distrustedSince = Optional.empty();

    /**
     * @param counts empty when they can't be read
     * @param destroyed whether any socket was destroyed since it was asked last
     */
    SocketChanges(Supplier<Optional<SocketCounts>> counts, BooleanSupplier destroyed, Runnable close) {
        this.counts = counts;
        this.destroyed = destroyed;
        this.close = close;
    }

    /** Where the kernel does not tell what is needed, changes are always possible. */
    static SocketChanges open() {
        try {
            SocketCountFiles files = SocketCountFiles.open();
            try {
                DestroyMark mark = new DestroyMark();
                return new SocketChanges(files::read, mark::take, () -> {
                    files.close();
                    mark.close();
                });
            } catch (NetlinkException untold) {
                files.close();
            }
        } catch (CallException untold) {
            // Below, as where nothing is told of destroyed sockets.
        }
        return new SocketChanges(Optional::empty, () -> true, () -> {});
    }

    /** Can a look now show other sockets than the last one? */
    boolean arePossible(long now) {
        return atLook.isEmpty()
                || now - lookedAt >= LOOK_ANYWAY_NANOS
                || distrustedSince.isPresent() && now - distrustedSince.get() < DISTRUST_NANOS
                || differs();
    }

    private boolean differs() {
        anyDestroyed |= destroyed.getAsBoolean();
        return anyDestroyed || differ(counts.get(), atLook);
    }

    /** What is not known may differ. */
    private static boolean differ(Optional<SocketCounts> now, Optional<SocketCounts> before) {
        return now.isEmpty() || before.isEmpty() || now.get().differFrom(before.get());
    }

    /** To be called before the kernel is asked: what happens from here on is the next look's. */
    void lookBegins() {
        anyDestroyed |= destroyed.getAsBoolean();
        beforeLook = counts.get();
        expected = anyDestroyed || differ(beforeLook, atLook);
        anyDestroyed = false;
        // Stays so when the look fails.
        atLook = Optional.empty();
    }

    /**
     * @param begun monotonic nanoseconds, from before {@link #lookBegins}
     * @param changed whether the look showed other sockets than the one before
     */
    void lookEnded(long begun, boolean changed) {
        atLook = beforeLook;
        lookedAt = begun;
        // What changed while the look was under way is in the counts by now.
        if (changed && !expected && !differs()) {
            distrustedSince = Optional.of(begun);
        }
    }

    @Override
    public void close() {
        atLook = Optional.empty();
        close.run();
    }
}
