package dev.berth.host.linux;

/** States of sockets with the kernel's numbers (their order). UDP uses ESTABLISHED (connected) and CLOSE (bound). */
enum TcpState {
    UNKNOWN,
    ESTABLISHED,
    SYN_SENT,
    SYN_RECV,
    FIN_WAIT1,
    FIN_WAIT2,
    TIME_WAIT,
    /** Not connected: bound only. */
    CLOSE,
    CLOSE_WAIT,
    LAST_ACK,
    LISTEN,
    CLOSING,
    NEW_SYN_RECV,
    /** Only for asking: sockets that are bound and nothing else; they answer as {@link #CLOSE}. */
    BOUND_INACTIVE;

    private static final TcpState[] BY_NUMBER = values();

    static final int EVERY_STATE = -1;

    static TcpState of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
    }

    int bit() {
        return 1 << ordinal();
    }
}
