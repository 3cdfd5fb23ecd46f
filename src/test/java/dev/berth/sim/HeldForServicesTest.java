package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Dependency;
import dev.berth.model.PortRange;
import dev.berth.model.Reservation.Enforcement;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Ports that are held for services until they bind them. */
class HeldForServicesTest extends Reserving {
    @Test
    void aServiceOfTheHoldersNameClaimsItAndItIsHeldAgainAfterTheStop() throws Exception {
        reserve("web", 8000);
        scene.declare("other", ServiceSpec.guarding(8000, 8001));
        scene.declare(
                "web",
                ServiceSpec.guarding(8000).toBuilder()
                        .command(ServicePrograms.SERVES.command(0))
                        .build());
        scene.pass(Duration.ofSeconds(3));
        assertThat(scene.service("other").status().port()).hasValue(8001);
        assertThat(scene.service("web").status().port()).hasValue(8000);
        assertThat(scene.service("web").status().state()).isEqualTo(ServiceState.RUNNING);
        assertThat(reservation(8000).claim().orElseThrow().by()).isEqualTo("default/web");
        assertThat(isHeld(8000)).isFalse();

        scene.declare(
                "web",
                ServiceSpec.guarding(8000).toBuilder()
                        .command(ServicePrograms.SERVES.command(0))
                        .running(false)
                        .build());
        scene.pass(Duration.ofSeconds(5));
        assertThat(isHeld(8000)).isTrue();
        assertThat(reservation(8000).claim()).isEmpty();
        assertThat(reservation(8000).enforcement()).isEqualTo(Enforcement.HELD);
    }

    /** In the moment between Berth's letting go and the service's own bind. */
    @Test
    void aServiceWhosePortIsSnatchedAtItsStartIsStartedOnAnother() throws Exception {
        reserve("web", 8000);
        scene.machine.watch(new Witness() {
            @Override
            public void launched(SimProcess process, Optional<String> marker, String launch) {
                if (!isHeld(8000)) {
                    scene.server(Program.named("thief"), 8000);
                }
            }
        });
        scene.declare(
                "web",
                ServiceSpec.guarding(8000, 8001).toBuilder()
                        .strategy("conservative")
                        .command(ServicePrograms.SERVES.command(50))
                        .maxRestarts(0)
                        .build());
        scene.pass(Duration.ofSeconds(10));
        assertThat(scene.service("web").status().state()).isEqualTo(ServiceState.RUNNING);
        assertThat(scene.service("web").status().port()).hasValue(8001);
        assertThat(scene.service("web").status().restarts()).isZero();
        assertThat(reservation(8000).enforcement()).isEqualTo(Enforcement.ADVISORY);
        assertThat(reservation(8000).message().orElseThrow()).contains("thief");
    }

    @Test
    void aServiceThatIsStartedAgainGetsThePortThatItHad() throws Exception {
        ServiceSpec spec = ServiceSpec.builder()
                .portRange(new PortRange(8000, 8009))
                .command(ServicePrograms.SERVES.command(0))
                .build();
        for (String name : List.of("a", "b", "c")) {
            scene.declare(name, spec);
        }
        scene.pass(Duration.ofSeconds(3));
        assertThat(scene.service("c").status().port()).hasValue(8002);
        for (String name : List.of("a", "b", "c")) {
            scene.declare(name, spec.toBuilder().running(false).build());
        }
        scene.pass(Duration.ofSeconds(3));
        assertThat(scene.service("c").assigned()).isEmpty();
        for (String name : List.of("c", "b", "a")) {
            scene.declare(name, spec);
        }
        scene.pass(Duration.ofSeconds(3));
        assertThat(scene.service("a").status().port()).hasValue(8000);
        assertThat(scene.service("b").status().port()).hasValue(8001);
        assertThat(scene.service("c").status().port()).hasValue(8002);
    }

    @Test
    void portsOfServicesThatWaitAreHeldUntilTheyStart() throws Exception {
        scene.declare(
                "database",
                ServiceSpec.guarding(8100).toBuilder()
                        .command(ServicePrograms.SERVES.command(200))
                        .build());
        scene.declare(
                "web",
                ServiceSpec.guarding(8000).toBuilder()
                        .command(ServicePrograms.SERVES.command(0))
                        .dependsOn(List.of(new Dependency("database", Dependency.Until.HEALTHY)))
                        .build());
        assertThat(isHeld(8000)).isTrue();
        assertThat(serves(scene.server(Program.named("stranger"), 8000))).isFalse();
        scene.pass(Duration.ofSeconds(10));
        assertThat(scene.service("web").status().state()).isEqualTo(ServiceState.RUNNING);
        assertThat(scene.service("web").status().port()).hasValue(8000);
        assertThat(isHeld(8000)).isFalse();
    }
}
