package dev.berth.sim;

import dev.berth.host.ObservationException;
import java.time.Duration;
import java.util.function.Supplier;

/** What every seam of the simulated machine has in common: it may be slow, it may be where Berth dies, it calls back. */
final class Seam {
    private final VirtualTime time;
    private final Faults faults;
    private final Life life;
    private Duration lookTime = Duration.ZERO;

    /** A look that may fail. */
    interface Look<T> {
        T look() throws ObservationException;
    }

    Seam(VirtualTime time, Faults faults, Life life) {
        this.time = time;
        this.faults = faults;
        this.life = life;
    }

    boolean strikes(SimFault fault) {
        return faults.strikes(fault);
    }

    Faults faults() {
        return faults;
    }

    Chance chance() {
        return faults.chance();
    }

    /** How long every look takes from now on; the world goes on meanwhile. */
    void looksTake(Duration each) {
        lookTime = each;
    }

    <T> T looking(Look<T> look) throws ObservationException {
        enter();
        if (!lookTime.isZero()) {
            time.advance(lookTime);
        }
        T seen = look.look();
        life.leave();
        return seen;
    }

    <T> T reading(Supplier<T> read) {
        enter();
        T found = read.get();
        life.leave();
        return found;
    }

    /** The world goes on while the call takes its time. */
    private void enter() {
        life.enter();
        if (faults.strikes(SimFault.SLOW_CALL)) {
            time.advance(chance().millis(1, 700));
        }
    }

    /** Berth's process ends here, if it is to. */
    void diesAt(SimFault fault) {
        if (!life.dead() && faults.strikes(fault)) {
            life.end();
            throw new Life.Crash();
        }
    }

    /** Calls back later, perhaps twice, and never into a Berth that is gone. */
    void callback(Duration delay, Runnable what) {
        int times = faults.strikes(SimFault.HINT_DUPLICATED) ? 2 : 1;
        for (int i = 0; i < times; i++) {
            time.after(delay, () -> {
                if (!life.dead()) {
                    what.run();
                }
            });
        }
    }
}
