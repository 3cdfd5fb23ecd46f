package dev.berth.model;

/**
 * Why a port can't be bound although nothing listens on it.
 *
 * @param cause which of the known causes
 * @param explanation a sentence for people
 */
public record Blockage(PortKey port, Cause cause, String explanation) {
    /** What the kernel holds the port for. */
    public enum Cause {
        OUTGOING_CONNECTION,
        TIME_WAIT,
        /** Connections that a former listener accepted are still open or closing; as TIME_WAIT, but longer. */
        LINGERING_CONNECTION,
        BOUND_NOT_LISTENING,
        OTHER_NAMESPACE,
        PERMISSION,
        ADDRESS_NOT_HERE,
        UNEXPLAINED
    }
}
