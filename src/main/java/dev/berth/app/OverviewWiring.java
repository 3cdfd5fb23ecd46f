package dev.berth.app;

import dev.berth.api.About;
import dev.berth.api.Doctor;
import dev.berth.app.HostWiring.Host;
import dev.berth.control.ControlPlane;
import dev.berth.plan.BerthIdentity;
import dev.berth.store.Registry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;
import org.eclipse.microprofile.config.ConfigProvider;

/** Tells people who this daemon is, and what it found. */
@ApplicationScoped
class OverviewWiring {
    private final InstantSource clock = InstantSource.system();

    @Produces
    @Singleton
    About about(BerthIdentity berth) {
        return new About(
                ConfigProvider.getConfig().getValue("quarkus.application.version", String.class),
                berth.self().pid(),
                Startup.handed()
                        .map(Startup::listen)
                        .map(ListenAddress::url)
                        .orElse("a port of the framework's choice"),
                Startup.handed().flatMap(startup -> startup.data().path()),
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()),
                EphemeralRange.read());
    }

    @Produces
    @Singleton
    Doctor doctor(Registry registry, ControlPlane control, Host host, BerthIdentity berth) {
        return new MachineDoctor(registry, control, host.observer(), berth.user(), Startup.handed(), clock);
    }
}
