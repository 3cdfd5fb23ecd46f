package dev.berth.control;

import dev.berth.model.Conflict;
import dev.berth.model.PortKey;
import dev.berth.plan.Losses;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The latest contests of every port, open ones too, for judging risks. */
final class LossMemory {
    /** Of one port: more would weigh no more than these, which only a port that is lost every day has. */
    static final int MOST_PER_PORT = 50;

    /** Ports that are remembered; those that were contested longest ago are forgotten first. */
    static final int MOST_PORTS = 2000;

    // Guarded by this. Oldest first within a port; the port that was contested last comes last.
    private final Map<PortKey, Deque<Conflict>> byPort = new LinkedHashMap<>();
    private Optional<Losses> made = Optional.empty();

    /** Also of one that was heard before: only when it began counts. */
    synchronized void add(Conflict conflict) {
        Deque<Conflict> port = byPort.getOrDefault(conflict.port(), new ArrayDeque<>());
        if (port.stream().anyMatch(known -> known.id().equals(conflict.id()))) {
            return;
        }
        port.addLast(conflict);
        if (port.size() > MOST_PER_PORT) {
            port.removeFirst();
        }
        byPort.remove(conflict.port());
        byPort.put(conflict.port(), port);
        if (byPort.size() > MOST_PORTS) {
            byPort.remove(byPort.keySet().iterator().next());
        }
        made = Optional.empty();
    }

    /** The same object until something is added. */
    synchronized Losses losses() {
        Losses now = made.orElseGet(
                () -> Losses.of(byPort.values().stream().flatMap(Deque::stream).toList()));
        made = Optional.of(now);
        return now;
    }
}
