package dev.berth.host;

import dev.berth.model.Blockage;
import dev.berth.model.HostSnapshot;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Sees who holds which port. Safe for use by one ticker thread and many readers at once.
 *
 * <p>The cost of {@link #observe} grows with the sockets there are, not with processes or files; owners are searched only
 * for sockets never seen before.
 */
public interface HostObserver extends AutoCloseable {
    /** A short name for people: {@code sock_diag} or {@code portable}. */
    String name();

    /**
     * One look at every listening TCP and bound UDP socket. Owners may come from the cache and are proven again every few
     * seconds; where the search for one takes longer than a tick should, its ownership says {@code searching}.
     *
     * @throws ObservationException when nothing could be seen; never an empty snapshot instead
     */
    HostSnapshot observe() throws ObservationException;

    /**
     * For a ticker, which looks again and again: as {@link #observe}, unless it is certain enough that nothing changed since the
     * look before, by whatever is cheaper than a look, and that one is not older than about two seconds. Then it is empty: nothing
     * was seen, and what was seen before is as old as it is.
     *
     * @throws ObservationException as {@link #observe}
     */
    default Optional<HostSnapshot> observeChange() throws ObservationException {
        return Optional.of(observe());
    }

    /**
     * A fresh, thorough look at one port before acting on it: every socket, every holder of each, read now and not from
     * the cache. May take as long as reading the descriptors of every process.
     *
     * @throws ObservationException when the look failed
     */
    HostSnapshot inspect(PortKey port) throws ObservationException;

    /**
     * Why the port can't be bound although nothing listens on it. Dearer than a tick; for use after a bind failed.
     *
     * @return empty when nothing that blocks it can be seen any more
     */
    Optional<Blockage> explain(PortKey port) throws ObservationException;

    /** What is known of one process now; empty when it has gone or is another one. */
    Optional<ProcessFacts> describe(ProcessRef process);

    /** The identity of the process that has this pid now; empty when there is none. */
    Optional<ProcessRef> identify(long pid);

    /**
     * Calls back, on a thread of the observer, soon after a socket of the port was destroyed. A hint only: it may be
     * missed or come twice. The listener must return at once.
     */
    void onSocketGone(Consumer<PortKey> listener);

    @Override
    void close();
}
