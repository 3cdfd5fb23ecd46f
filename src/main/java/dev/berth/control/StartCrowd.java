package dev.berth.control;

import dev.berth.host.ProcessControl;
import dev.berth.model.ProcessRef;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How long what became of a start may wait to be stored. Of one that is made alone it is stored at once. Where many start
 * together it waits until all are started: storing it, and looking at the machine for what follows, takes the processor from
 * those that are still to be started and from programs that are just coming up. Safe for use by many threads.
 */
final class StartCrowd {
    /** Starts that follow each other no later than this come together. */
    private static final Duration TOGETHER = Duration.ofMillis(20);

    /** After the last one of a crowd: what the programs that were started last take to come up. */
    private static final Duration QUIET = Duration.ofMillis(40);

    /** However many follow. Of a Berth that is interrupted before, the next one finds the process by its marker. */
    private static final Duration LONGEST = Duration.ofMillis(300);

    private final ProcessControl processes;
    private final LongSupplier ticker;
    // All guarded by this.
    private final Map<String, Long> madeAt = new HashMap<>();
    private int underWay;
    private Optional<Long> lastMade = Optional.empty();

    /** @param ticker monotonic nanoseconds */
    StartCrowd(ProcessControl processes, LongSupplier ticker) {
        this.processes = processes;
        this.ticker = ticker;
    }

    /** A start is about to be made. */
    synchronized void begins() {
        underWay++;
    }

    /** It was made, or refused. */
    synchronized void ended(String act) {
        underWay--;
        long now = ticker.getAsLong();
        if (underWay > 0 || lastMade.filter(at -> now - at < TOGETHER.toNanos()).isPresent()) {
            madeAt.put(act, now);
        }
        lastMade = Optional.of(now);
    }

    /**
     * How long the outcome of the start may wait from now on; others may have come when that is over.
     *
     * @param process what was started: when that has ended, nothing waits any more
     * @return zero when it is to be stored now
     */
    Duration left(String act, ProcessRef process) {
        Duration left = left(act);
        return left.isZero() || processes.liveness(process) != ProcessControl.Liveness.ALIVE ? Duration.ZERO : left;
    }

    private synchronized Duration left(String act) {
        Long at = madeAt.get(act);
        if (at == null) {
            return Duration.ZERO;
        }
        long quiet = lastMade.orElse(at) + QUIET.toNanos();
        long longest = at + LONGEST.toNanos();
        return Duration.ofNanos(Math.max(0, Math.min(quiet - ticker.getAsLong(), longest - ticker.getAsLong())));
    }

    /** It is stored. */
    synchronized void settled(String act) {
        madeAt.remove(act);
    }
}
