package dev.berth.model;

import java.util.Locale;

/** Transport protocol of a port. Ports of different protocols never conflict. */
public enum Protocol {
    TCP,
    UDP;

    /** The name as people and the API write it: {@code tcp} or {@code udp}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
