package dev.berth.sim;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which faults a run knows and how often they were really reached. Each run switches only some of them on: a run in which
 * everything fails at once never gets far enough to fail interestingly.
 */
final class Faults {
    private final Chance chance;
    private final Trace trace;
    private final Set<SimFault> on = EnumSet.noneOf(SimFault.class);
    private final Map<SimFault, Long> reached = new EnumMap<>(SimFault.class);
    private boolean active = true;

    Faults(Chance chance, Trace trace, double share) {
        this.chance = chance;
        this.trace = trace;
        for (SimFault fault : SimFault.values()) {
            if (chance.of(share)) {
                on.add(fault);
            }
        }
    }

    static Faults none() {
        return new Faults(new Chance(0), new Trace(), 0);
    }

    /** Does it happen here and now? Counts it if so: asked only where it would have an effect. */
    boolean strikes(SimFault fault) {
        if (!active || !on.contains(fault) || !chance.of(fault.rate())) {
            return false;
        }
        reached(fault);
        return true;
    }

    /** May the world bring this one about at the moment? */
    boolean allowed(SimFault fault) {
        return active && on.contains(fault);
    }

    void reached(SimFault fault) {
        reached.merge(fault, 1L, Long::sum);
        trace.add("fault", fault.name());
    }

    /** From here on the machine is a good one. */
    void stop() {
        active = false;
    }

    void resume() {
        active = true;
    }

    boolean active() {
        return active;
    }

    void switchOn(SimFault fault) {
        on.add(fault);
    }

    Map<SimFault, Long> counts() {
        return reached;
    }

    Chance chance() {
        return chance;
    }
}
