package dev.berth.sim;

import dev.berth.host.Launcher.LaunchSpec;
import dev.berth.host.Rights;
import dev.berth.launch.Launches;
import dev.berth.launch.Obstacle;
import dev.berth.launch.Preparation;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.Launch;
import dev.berth.model.Marker;
import dev.berth.model.Service;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that a launch needs is there, but for programs that are not installed. */
final class FakeLaunches implements Preparation {
    static final String PORT = "PORT";
    static final String HOST = "HOST";
    static final String OWNER = "OWNER";
    static final String PROTOCOL = "PROTOCOL";

    private final Machine machine;
    private final Faults faults;

    FakeLaunches(Machine machine, Faults faults) {
        this.machine = machine;
        this.faults = faults;
    }

    @Override
    public Launches.Prepared prepare(Service service, Collection<Service> all, Launch.Step step, String id) {
        if (service.spec().command().isEmpty() || service.status().port().isEmpty()) {
            return new Launches.Prepared.Refused(List.of("it has no command or no port any more"));
        }
        List<Obstacle> obstacles = obstacles(service, all);
        if (!obstacles.isEmpty()) {
            return new Launches.Prepared.Refused(List.of(obstacles.get(0).reason()));
        }
        return new Launches.Prepared.Ready(new LaunchSpec(
                service.spec().command().orElseThrow(),
                Path.of("/"),
                Map.of(
                        PORT,
                        Integer.toString(service.status().port().getAsInt()),
                        HOST,
                        service.spec().wantedHost(),
                        OWNER,
                        Long.toString(service.metadata().owner().uid()),
                        PROTOCOL,
                        service.spec().protocol().name(),
                        Marker.SERVICE,
                        Marker.of(service.key(), BerthProcess.INSTALLATION),
                        Marker.LAUNCH,
                        id),
                Path.of("/log"),
                Rights.OWN));
    }

    @Override
    public List<Obstacle> obstacles(Service service, Collection<Service> all) {
        Optional<String> program = service.spec().command().map(ServicePrograms::word);
        if (program.filter(machine.missing::contains).isPresent()) {
            faults.reached(SimFault.PROGRAM_MISSING);
            return List.of(obstacle("there is no program " + program.orElseThrow(), false));
        }
        return program.filter(machine.waiting::contains).isPresent()
                ? List.of(obstacle("waits for a port", true))
                : List.of();
    }

    private static Obstacle obstacle(String reason, boolean waits) {
        return new Obstacle("command", reason, Optional.empty(), waits);
    }

    @Override
    public Optional<HealthCheckSpec> healthCheck(Service service, Collection<Service> all) {
        return service.spec().healthCheck();
    }

    @Override
    public Optional<Rights> rights(Service service) {
        return Optional.of(Rights.OWN);
    }

    @Override
    public Optional<String> installInputs(Service service) {
        return Optional.empty();
    }
}
