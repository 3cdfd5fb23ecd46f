package dev.berth.model;

import java.util.List;
import java.util.Set;

/** How much of the machine a look covered. A gap never means "nothing there". */
public record Completeness(Set<Protocol> covered, List<String> gaps) {
    public Completeness {
        covered = Set.copyOf(covered);
        gaps = List.copyOf(gaps);
    }

    public static Completeness full() {
        return new Completeness(Set.of(Protocol.TCP, Protocol.UDP), List.of());
    }

    /** May an absent socket of this protocol be taken for a free port? */
    public boolean covers(Protocol protocol) {
        return covered.contains(protocol);
    }
}
