package dev.berth.sim;

import dev.berth.control.Declaration;
import dev.berth.model.PortRange;
import dev.berth.model.Protocol;
import dev.berth.model.ReturnHome;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import java.util.List;
import java.util.stream.Stream;

/** What people declare. */
final class Wishes {
    private static final int SERVICES = 7;

    private final Chance chance;
    private final World world;

    Wishes(Chance chance, World world) {
        this.chance = chance;
        this.world = world;
    }

    ServiceKey someService() {
        return new ServiceKey(chance.of(0.8) ? "default" : "demo", "s" + chance.between(1, SERVICES));
    }

    Declaration declaration() {
        return Declaration.of(someService(), spec());
    }

    private ServiceSpec spec() {
        ServiceSpec.Builder spec = ServiceSpec.builder()
                .running(chance.of(0.9))
                .critical(chance.of(0.3))
                .protocol(chance.of(0.08) ? Protocol.UDP : Protocol.TCP)
                .gracePeriod(chance.millis(100, 10_000))
                .returnHome(chance.pick(ReturnHome.values()));
        if (chance.of(0.95)) {
            spec.port(world.port());
        }
        if (chance.of(0.7)) {
            spec.alternativePorts(Stream.generate(world::port)
                    .limit(chance.between(1, 3))
                    .distinct()
                    .toList());
        }
        if (chance.of(0.3)) {
            int first = chance.between(World.FIRST_PORT, World.LAST_PORT - 3);
            spec.portRange(new PortRange(first, first + chance.between(0, 3)));
        }
        if (chance.of(0.2)) {
            spec.host(chance.pick("0.0.0.0", "::", "::1", "localhost", "10.0.0.5", "192.0.2.9"));
        }
        if (chance.of(0.4)) {
            spec.processPatterns(List.of(World.SERVICE_PROGRAM + chance.between(1, World.SERVICE_PROGRAMS)));
        }
        if (chance.of(0.7)) {
            spec.strategy(chance.pick("intelligent", "aggressive", "aggressive", "conservative"));
        }
        return spec.build();
    }
}
