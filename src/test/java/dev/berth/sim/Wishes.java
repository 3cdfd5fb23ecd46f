package dev.berth.sim;

import dev.berth.control.Declaration;
import dev.berth.model.Dependency;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.PortRange;
import dev.berth.model.Protocol;
import dev.berth.model.ReturnHome;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import java.util.List;
import java.util.Optional;
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
        return service(chance.between(1, SERVICES));
    }

    private ServiceKey service(int number) {
        return new ServiceKey(chance.of(0.8) ? "default" : "demo", "s" + number);
    }

    Declaration declaration() {
        int number = chance.between(1, SERVICES);
        return Declaration.of(service(number), spec(number));
    }

    private ServiceSpec spec(int number) {
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
        if (chance.of(0.65)) {
            supervised(spec, number);
        }
        return spec.build();
    }

    private void supervised(ServiceSpec.Builder spec, int number) {
        ServicePrograms program = chance.of(0.4) ? ServicePrograms.SERVES : chance.pick(ServicePrograms.values());
        spec.command(program.command(chance.between(0, ServicePrograms.MOST)))
                .autoRestart(chance.of(0.85))
                .maxRestarts(chance.between(0, 3));
        if (chance.of(0.3)) {
            spec.gracePeriod(chance.millis(50, 1500));
        }
        if (chance.of(0.2)) {
            spec.stopSignal(chance.pick("SIGINT", "SIGQUIT", "SIGTERM"));
        }
        if (chance.of(0.3)) {
            // Only on those with smaller numbers, so that there is no circle.
            spec.dependsOn(Stream.generate(() -> "s" + chance.between(1, SERVICES))
                    .limit(2)
                    .filter(name -> name.compareTo("s" + number) < 0)
                    .distinct()
                    .map(name -> new Dependency(name, chance.pick(Dependency.Until.values())))
                    .toList());
        }
        if (chance.of(0.4)) {
            spec.healthCheck(new HealthCheckSpec(
                    FakeHealthCheck.KIND,
                    "",
                    Optional.of(chance.millis(500, 3000)),
                    chance.millis(50, 500),
                    chance.millis(1000, 8000),
                    chance.between(1, 3),
                    chance.between(1, 2),
                    Optional.empty(),
                    Optional.empty()));
        }
    }
}
