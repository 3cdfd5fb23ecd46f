package dev.berth.host;

/** What became of an attempt to signal. */
public sealed interface SignalResult {
    /** The kernel took the signal for exactly the process that was meant. */
    record Sent() implements SignalResult {}

    /** The process had already ended. */
    record Gone() implements SignalResult {}

    /** The pid belongs to another process now; nothing was sent. */
    record NotTheSame(String found) implements SignalResult {}

    /** It is the process, but it holds none of the sockets any more; nothing was sent. */
    record NoLongerHolds() implements SignalResult {}

    /** A rule of this seam itself forbids it (init, kernel thread, Berth, its ancestors); nothing was sent. */
    record Protected(String rule) implements SignalResult {}

    /** The kernel refused for lack of permission; nothing was sent. */
    record Denied(String reason) implements SignalResult {}

    /** The identity could not be proven, or the call failed; nothing was sent. */
    record Failed(String reason) implements SignalResult {}
}
