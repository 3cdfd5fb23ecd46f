package dev.berth.sim;

/** Everything that goes wrong on purpose. A run over many seeds must have reached every one. */
enum SimFault {
    SIGTERM_IGNORED(0.2),
    SIGKILL_IMMUNE_FOR_A_WHILE(0.3),
    PID_REUSED_BEFORE_SIGNAL(0.15),
    ZOMBIE_HOLDER(0.1),
    HOLDER_LETS_GO_BEFORE_SIGNAL(0.1),
    SIGNAL_DENIED(0.1),
    SIGNAL_FAILED(0.1),
    WORKER_FORKED_IN_GRACE(0),
    HOLDER_REPLACED_IN_GRACE(0),
    SUPERVISOR_RESPAWN(0),
    FREED_PORT_TAKEN_AT_ONCE(0.15),
    PORT_STOLEN_BEFORE_BIND(0.05),
    BIND_DENIED(0.03),
    TIME_WAIT(0),
    OUTGOING_CONNECTION(0),
    BOUND_NOT_LISTENING(0),
    EXPLANATION_THROWS(0.1),
    STALE_SNAPSHOT(0.1),
    INCOMPLETE_SNAPSHOT(0.05),
    OBSERVATION_THROWS(0.05),
    INSPECTION_THROWS(0.1),
    OWNER_SEARCHED_FOR(0.2),
    OWNER_UNSEEN(0.05),
    PROC_DENIED(0.01),
    FACTS_MISSING(0.05),
    EXIT_NOTICE_LOST(0.2),
    SOCKET_GONE_LOST(0.2),
    HINT_DUPLICATED(0.2),
    STORE_BUSY(0.03),
    STORE_FULL(0.01),
    STORE_IO_BEFORE_WRITE(0.02),
    STORE_IO_AFTER_WRITE(0.02),
    STORE_LOAD_FAILS(0.2),
    CLOCK_JUMPS_FORWARD(0),
    CLOCK_JUMPS_BACK(0),
    CRASH_BETWEEN_STEPS(0),
    CRASH_BEFORE_CALL(0),
    CRASH_AFTER_EFFECT(0),
    SLOW_CALL(0.03),
    ENQUEUE_DUPLICATED(0.05),
    ENQUEUE_LOST(0.05),
    OWNER_STOP_FAILS(0.6);

    private final double rate;

    /** @param rate how often it strikes at each occasion where it is switched on; 0 where the world brings it about */
    SimFault(double rate) {
        this.rate = rate;
    }

    double rate() {
        return rate;
    }
}
