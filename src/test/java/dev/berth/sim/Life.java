package dev.berth.sim;

/**
 * One run of Berth's process, from start to crash. Every seam call passes through it, so that a crash can strike before
 * or after any of them, and so that nothing of a dead Berth reaches the machine any more.
 */
final class Life {
    private final Faults faults;
    private boolean dead;
    private long callsLeft = Long.MAX_VALUE;
    private boolean afterEffect;

    /** Thrown out of a seam call when Berth dies there. An error, so that no handler takes it for a failure of the call. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("Berth died here", null, false, false);
        }
    }

    Life(Faults faults) {
        this.faults = faults;
    }

    /** Dies at the n-th seam call from now, before it did anything or after it did everything. */
    void crashAt(long calls, boolean whenDone) {
        callsLeft = calls;
        afterEffect = whenDone;
    }

    void enter() {
        if (dead) {
            throw new Crash();
        }
        callsLeft--;
        if (callsLeft <= 0 && !afterEffect) {
            faults.reached(SimFault.CRASH_BEFORE_CALL);
            dead = true;
            throw new Crash();
        }
    }

    void leave() {
        if (callsLeft <= 0) {
            faults.reached(SimFault.CRASH_AFTER_EFFECT);
            dead = true;
        }
        if (dead) {
            throw new Crash();
        }
    }

    boolean dead() {
        return dead;
    }

    void end() {
        dead = true;
    }
}
