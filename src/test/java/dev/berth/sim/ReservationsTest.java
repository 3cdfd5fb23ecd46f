package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.LeaseAnswer;
import dev.berth.control.Reserved;
import dev.berth.model.Caller;
import dev.berth.model.Dependency;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.Reservation.Enforcement;
import dev.berth.model.ReservationRequest;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Stories of reserved ports, on the simulated machine. */
class ReservationsTest {
    private static final Duration SOON = Duration.ofMillis(600);
    private static final Caller DEV = Users.caller(Users.DEV);

    private final Scene scene = new Scene();

    private Reserved reserve(String holder, int port) throws Exception {
        return reserve(holder, OptionalInt.of(port), Optional.empty(), 1, Optional.empty(), OptionalLong.empty());
    }

    private Reserved reserve(
            String holder,
            OptionalInt port,
            Optional<PortRange> range,
            int count,
            Optional<Duration> ttl,
            OptionalLong pid)
            throws Exception {
        return scene.berth
                .plane
                .reservations()
                .reserve(new ReservationRequest(holder, Protocol.TCP, port, range, count, ttl, pid), DEV, false);
    }

    /** As many as are wanted: an administrator's part is everything. */
    private Reserved byRoot(PortRange range, int count) throws Exception {
        ReservationRequest many = new ReservationRequest(
                "many",
                Protocol.TCP,
                OptionalInt.empty(),
                Optional.of(range),
                count,
                Optional.empty(),
                OptionalLong.empty());
        return scene.berth.plane.reservations().reserve(many, Users.caller(Users.ROOT), false);
    }

    private Reservation reservation(int port) {
        return scene.berth.registry.reservation(PortKey.tcp(port)).orElseThrow();
    }

    private boolean isReserved(int port) {
        return scene.berth.registry.reservation(PortKey.tcp(port)).isPresent();
    }

    /** Does Berth hold the port at the socket? */
    private boolean isHeld(int port) {
        return scene.machine.network.on(PortKey.tcp(port)).stream()
                .anyMatch(socket -> socket.holders.contains(scene.host.berth.self()) && !socket.listening);
    }

    private boolean serves(SimProcess process) {
        return !process.sockets.isEmpty();
    }

    private LeaseAnswer claim(int port, OptionalLong pid) throws Exception {
        return scene.berth.plane.reservations().claim(PortKey.tcp(port), pid, DEV, false);
    }

    @Test
    void aReservedPortIsHeldAgainstEverybodyUntilItIsReleased() throws Exception {
        assertThat(reserve("ann", 9000)).isInstanceOf(Reserved.Made.class);
        assertThat(isHeld(9000)).isTrue();
        assertThat(reservation(9000).enforcement()).isEqualTo(Enforcement.HELD);
        assertThat(serves(scene.server(Program.named("stranger"), 9000))).isFalse();

        scene.berth.plane.reservations().release(PortKey.tcp(9000), DEV, false);
        assertThat(isHeld(9000)).isFalse();
        assertThat(serves(scene.server(Program.named("anybody"), 9000))).isTrue();
        assertThat(scene.audit()).containsExactly("PortReserved SUCCEEDED", "PortReleased SUCCEEDED");
    }

    @Test
    void onlyItsOwnerAndRootChangeIt() throws Exception {
        reserve("ann", 9000);
        Caller eve = Users.caller(Users.EVE);
        PortKey port = PortKey.tcp(9000);
        assertThat(scene.berth.plane.reservations().release(port, eve, false))
                .isInstanceOf(LeaseAnswer.Forbidden.class);
        assertThat(scene.berth.plane.reservations().claim(port, OptionalLong.empty(), eve, false))
                .isInstanceOf(LeaseAnswer.Forbidden.class);
        assertThat(isHeld(9000)).isTrue();
        assertThat(scene.berth.plane.reservations().release(port, Users.caller(Users.ROOT), false))
                .isInstanceOf(LeaseAnswer.Done.class);
        assertThat(isHeld(9000)).isFalse();
    }

    /** Berth can bind them for anybody where it is root; else a user would keep the machine's web server from starting. */
    @Test
    void whatTheSystemKeepsForRootIsHeldForAdministratorsOnly() throws Exception {
        ReservationRequest https = new ReservationRequest(
                "eve", Protocol.TCP, OptionalInt.of(443), Optional.empty(), 1, Optional.empty(), OptionalLong.empty());
        Caller eve = Users.caller(Users.EVE);
        assertThat(scene.berth.plane.reservations().reserve(https, eve, false))
                .isInstanceOfSatisfying(
                        Reserved.UsedUp.class,
                        refused -> assertThat(refused.reason()).contains("443", "for administrators only"));
        assertThat(isReserved(443)).isFalse();
        assertThat(isHeld(443)).isFalse();
        assertThat(reserve("dev", 443)).isInstanceOf(Reserved.Made.class);
    }

    @Test
    void oneUserHasNoMoreThanAPartOfWhatCanBeHeld() throws Exception {
        PortRange range = new PortRange(20_000, 22_000);
        assertThat(reserve("ann", OptionalInt.empty(), Optional.of(range), 500, Optional.empty(), OptionalLong.empty()))
                .isInstanceOf(Reserved.Made.class);
        assertThat(reserve("ann", 9000))
                .isInstanceOfSatisfying(
                        Reserved.UsedUp.class,
                        refused -> assertThat(refused.reason()).contains("one user has at most 500"));
        assertThat(isReserved(9000)).isFalse();
        assertThat(byRoot(range, 501)).isInstanceOf(Reserved.Made.class);
    }

    @Test
    void aDryRunReservesAndHoldsNothing() throws Exception {
        scene.berth
                .plane
                .reservations()
                .reserve(
                        new ReservationRequest(
                                "ann",
                                Protocol.TCP,
                                OptionalInt.of(9000),
                                Optional.empty(),
                                1,
                                Optional.empty(),
                                OptionalLong.empty()),
                        DEV,
                        true);
        assertThat(isReserved(9000)).isFalse();
        assertThat(isHeld(9000)).isFalse();
        assertThat(scene.audit()).isEmpty();
    }

    @Test
    void theNextBerthHoldsThemAgain() throws Exception {
        reserve("ann", 9000);
        scene.restart();
        assertThat(isHeld(9000)).isTrue();
        scene.pass(SOON);
        assertThat(reservation(9000).enforcement()).isEqualTo(Enforcement.HELD);
    }

    @Test
    void whoTookItWhileBerthWasAwayIsToldAndItIsHeldWhenThatEnds() throws Exception {
        reserve("ann", 9000);
        scene.berth.die();
        SimProcess stranger = scene.server(Program.named("stranger"), 9000);
        scene.restart();
        scene.pass(SOON);
        assertThat(reservation(9000).enforcement()).isEqualTo(Enforcement.ADVISORY);
        assertThat(reservation(9000).message().orElseThrow()).contains("stranger", "pid " + stranger.pid());

        scene.machine.exit(stranger);
        scene.pass(Duration.ofSeconds(2));
        assertThat(isHeld(9000)).isTrue();
        assertThat(reservation(9000).enforcement()).isEqualTo(Enforcement.HELD);
        assertThat(reservation(9000).message()).isEmpty();
    }

    @Test
    void aLeaseEndsWithItsTimeUnlessItIsRenewed() throws Exception {
        reserve(
                "ann",
                OptionalInt.of(9000),
                Optional.empty(),
                1,
                Optional.of(Duration.ofMinutes(1)),
                OptionalLong.empty());
        scene.pass(Duration.ofSeconds(50));
        scene.berth
                .plane
                .reservations()
                .renew(PortKey.tcp(9000), Optional.of("ann"), Optional.empty(), OptionalLong.empty(), DEV, false);
        scene.pass(Duration.ofSeconds(50));
        assertThat(isHeld(9000)).isTrue();
        scene.pass(Duration.ofSeconds(11));
        assertThat(isReserved(9000)).isFalse();
        assertThat(isHeld(9000)).isFalse();
        assertThat(scene.audit())
                .containsExactly("PortReserved SUCCEEDED", "ReservationRenewed SUCCEEDED", "PortReleased SUCCEEDED");
    }

    @Test
    void aLeaseThatEndedWhileBerthWasAwayIsGivenBackByTheNext() throws Exception {
        reserve(
                "ann",
                OptionalInt.of(9000),
                Optional.empty(),
                1,
                Optional.of(Duration.ofMinutes(1)),
                OptionalLong.empty());
        scene.berth.die();
        scene.time.advance(Duration.ofMinutes(2));
        scene.restart();
        scene.pass(SOON);
        assertThat(isReserved(9000)).isFalse();
        assertThat(isHeld(9000)).isFalse();
    }

    @Test
    void aLeaseEndsWithItsProcessAfterItWasSeenGoneTwice() throws Exception {
        SimProcess holder = scene.machine.start(Program.named("holder"), Users.DEV, scene.shell);
        reserve("ann", OptionalInt.of(9000), Optional.empty(), 1, Optional.empty(), OptionalLong.of(holder.pid()));
        scene.pass(Duration.ofSeconds(10));
        assertThat(isHeld(9000)).isTrue();

        // Somebody else's process under the same pid is another one.
        scene.machine.replaceUnderSamePid(holder, Program.named("other"), Users.DEV, false);
        scene.pass(Duration.ofMillis(900));
        assertThat(isReserved(9000)).isTrue();
        scene.pass(Duration.ofSeconds(2));
        assertThat(isReserved(9000)).isFalse();
        assertThat(isHeld(9000)).isFalse();
    }

    @Test
    void theClaimantMayBindAndTheHoldComesBackAfterIt() throws Exception {
        reserve("ann", 9000);
        SimProcess claimant = scene.machine.start(Program.named("claimant"), Users.DEV, scene.shell);
        assertThat(claim(9000, OptionalLong.of(claimant.pid()))).isInstanceOf(LeaseAnswer.Done.class);
        assertThat(isHeld(9000)).isFalse();
        assertThat(scene.machine.network.open(claimant, Program.Endpoint.tcp(9000), true))
                .isPresent();
        scene.pass(Duration.ofSeconds(5));
        assertThat(reservation(9000).claim().orElseThrow().by()).isEqualTo("pid " + claimant.pid());
        assertThat(reservation(9000).message()).hasValue("pid " + claimant.pid() + " has it");

        scene.machine.vanish(claimant);
        scene.pass(Duration.ofSeconds(3));
        assertThat(isHeld(9000)).isTrue();
        assertThat(reservation(9000).claim()).isEmpty();
    }

    @Test
    void aStrangerWhoIsQuickerThanTheClaimantIsTold() throws Exception {
        reserve("ann", 9000);
        SimProcess claimant = scene.machine.start(Program.named("claimant"), Users.DEV, scene.shell);
        claim(9000, OptionalLong.of(claimant.pid()));
        SimProcess stranger = scene.server(Program.named("stranger"), 9000);
        scene.pass(SOON);
        assertThat(reservation(9000).message().orElseThrow())
                .contains("pid " + stranger.pid(), "stranger", "claimed by pid " + claimant.pid());
        assertThat(scene.audit()).contains("ReservationContested SUCCEEDED");
        assertThat(scene.said).anyMatch(line -> line.startsWith("! port 9000 is reserved for ann"));
    }

    @Test
    void aClaimThatNobodyUsesLapses() throws Exception {
        reserve("ann", 9000);
        claim(9000, OptionalLong.empty());
        scene.pass(Duration.ofSeconds(25));
        assertThat(isHeld(9000)).isFalse();
        scene.pass(Duration.ofSeconds(10));
        assertThat(isHeld(9000)).isTrue();
        assertThat(reservation(9000).claim()).isEmpty();
    }

    @Test
    void aClaimWithoutProcessIsWhoeverOfTheOwnerBindsIt() throws Exception {
        reserve("ann", 9000);
        claim(9000, OptionalLong.empty());
        SimProcess server = scene.server(Program.named("server"), 9000);
        scene.pass(Duration.ofSeconds(90));
        assertThat(reservation(9000).claim().orElseThrow().process()).hasValue(server.ref);
        scene.machine.vanish(server);
        scene.pass(Duration.ofSeconds(3));
        assertThat(isHeld(9000)).isTrue();
    }

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

    @Test
    void aUsedUpRangeNamesEveryHolder() throws Exception {
        scene.server(Program.named("python3"), 9000);
        reserve("ann", 9001);
        scene.declare("web", ServiceSpec.guarding(9002));
        scene.pass(SOON);
        Reserved answer = reserve(
                "bob",
                OptionalInt.empty(),
                Optional.of(new PortRange(9000, 9003)),
                2,
                Optional.empty(),
                OptionalLong.empty());
        assertThat(((Reserved.UsedUp) answer).obstacles())
                .extracting(Reserved.Obstacle::why)
                .satisfiesExactly(
                        first -> assertThat(first).contains("9000", "python3"),
                        second -> assertThat(second).contains("9001", "ann"),
                        third -> assertThat(third).contains("9002", "default/web"));
        // All or nothing.
        assertThat(isReserved(9003)).isFalse();
        assertThat(isHeld(9003)).isFalse();
    }

    /** Each hold is a file descriptor, and Berth needs some for itself. */
    @Test
    void beyondWhatBerthMayHoldAReservationIsAPromise() throws Exception {
        for (int block = 0; block < 2; block++) {
            PortRange range = new PortRange(20_000 + block * 1000, 20_999 + block * 1000);
            assertThat(byRoot(range, 1000)).isInstanceOf(Reserved.Made.class);
        }
        assertThat(reserve("ann", 9000)).isInstanceOf(Reserved.Made.class);
        scene.pass(SOON);
        assertThat(isHeld(9000)).isFalse();
        assertThat(reservation(9000).enforcement()).isEqualTo(Enforcement.ADVISORY);
        assertThat(reservation(9000).message().orElseThrow()).contains("2000");
        assertThat(reserve("bob", 9000)).isInstanceOf(Reserved.UsedUp.class);

        scene.berth.plane.reservations().release(PortKey.tcp(20_000), Users.caller(Users.ROOT), false);
        scene.pass(Duration.ofSeconds(3));
        assertThat(isHeld(9000)).isTrue();
        assertThat(reservation(9000).enforcement()).isEqualTo(Enforcement.HELD);
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
