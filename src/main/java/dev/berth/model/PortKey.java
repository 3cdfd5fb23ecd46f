package dev.berth.model;

/** What an allocation is keyed by: a protocol and a port number, on every address of the machine. */
public record PortKey(Protocol protocol, int port) implements Comparable<PortKey> {
    public PortKey {
        Ports.requireValid(port);
    }

    public static PortKey tcp(int port) {
        return new PortKey(Protocol.TCP, port);
    }

    @Override
    public int compareTo(PortKey other) {
        int byPort = Integer.compare(port, other.port);
        return byPort != 0 ? byPort : protocol.compareTo(other.protocol);
    }

    /** As people read it: {@code 8000}, or {@code 8000/udp}. */
    @Override
    public String toString() {
        return protocol == Protocol.TCP ? Integer.toString(port) : port + "/" + protocol.label();
    }
}
