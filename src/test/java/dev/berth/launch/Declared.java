package dev.berth.launch;

import dev.berth.model.Dependency;
import dev.berth.model.Metadata;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import dev.berth.model.ServiceStatus;
import dev.berth.model.User;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Services as tests declare them. */
final class Declared {
    private Declared() {}

    /** @param port the assigned one; empty when none is assigned yet */
    static Service service(String key, OptionalInt port, ServiceSpec.Builder spec) {
        ServiceKey parsed = ServiceKey.parse(key);
        return new Service(
                new Metadata(
                        parsed.namespace(),
                        parsed.name(),
                        "uid",
                        Map.of(),
                        Map.of(),
                        new User(1000, Optional.of("ann")),
                        List.of(),
                        1,
                        1,
                        Instant.EPOCH,
                        Optional.empty()),
                spec.build(),
                new ServiceStatus(ServiceState.PENDING, port, Optional.empty(), 0, 1, List.of()));
    }

    static Service service(String key, int port, ServiceSpec.Builder spec) {
        return service(key, OptionalInt.of(port), spec);
    }

    static Service waiting(String key, ServiceSpec.Builder spec) {
        return service(key, OptionalInt.empty(), spec);
    }

    static List<Dependency> on(String... names) {
        return Stream.of(names)
                .map(name -> new Dependency(name, Dependency.Until.HEALTHY))
                .toList();
    }
}
