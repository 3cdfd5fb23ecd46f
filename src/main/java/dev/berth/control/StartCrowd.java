package dev.berth.control;

import dev.berth.host.ProcessControl;
import dev.berth.model.ProcessRef;
import dev.berth.model.ServiceKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How long what became of a start may wait to be stored. Of one that is made alone it is stored at once. Where several services
 * start together it waits until no more are started for a moment: storing it, and looking at the machine for what follows, takes
 * the processor from those that are still to be started and from programs that are just coming up. Safe for use by many threads.
 */
final class StartCrowd {
    /** Starts that follow each other no later than this come together. */
    private static final Duration TOGETHER = Duration.ofMillis(20);

    /** After the last one of a crowd: what the programs that were started last take to come up. */
    private static final Duration QUIET = Duration.ofMillis(40);

    /**
     * However many follow: not longer than a hundred take. When Berth is interrupted before, the next one has nothing but its
     * marker to find the process by, which a program that writes over its environment has lost.
     */
    private static final Duration LONGEST = Duration.ofMillis(150);

    private final ProcessControl processes;
    private final BooleanSupplier closing;
    private final LongSupplier ticker;
    // All guarded by this.
    private final Map<String, Long> madeAt = new HashMap<>();
    private int underWay;
    private Optional<Made> lastMade = Optional.empty();

    private record Made(ServiceKey service, long at) {}

    /**
     * @param closing Berth itself ends, and its services with it
     * @param ticker monotonic nanoseconds
     */
    StartCrowd(ProcessControl processes, BooleanSupplier closing, LongSupplier ticker) {
        this.processes = processes;
        this.closing = closing;
        this.ticker = ticker;
    }

    /** A start is about to be made. */
    synchronized void begins() {
        underWay++;
    }

    /** It was made, or refused. */
    synchronized void ended(ServiceKey service, String act) {
        underWay--;
        long now = ticker.getAsLong();
        madeAt.values().removeIf(at -> now - at >= LONGEST.toNanos());
        // One that ends at once and is started again is no crowd.
        boolean another = lastMade.filter(
                        made -> !made.service().equals(service) && now - made.at() < TOGETHER.toNanos())
                .isPresent();
        if (underWay > 0 || another) {
            madeAt.put(act, now);
        }
        lastMade = Optional.of(new Made(service, now));
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

    /** As {@link #left(String, ProcessRef)}, of one that was made just now: should its process have ended, that is told. */
    synchronized Duration left(String act) {
        Long at = madeAt.get(act);
        if (at == null || closing.getAsBoolean()) {
            return Duration.ZERO;
        }
        long quiet = lastMade.map(Made::at).orElse(at) + QUIET.toNanos();
        long longest = at + LONGEST.toNanos();
        return Duration.ofNanos(Math.max(0, Math.min(quiet - ticker.getAsLong(), longest - ticker.getAsLong())));
    }
}
