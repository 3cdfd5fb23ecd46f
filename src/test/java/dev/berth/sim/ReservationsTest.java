package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.LeaseAnswer;
import dev.berth.control.Reserved;
import dev.berth.model.Caller;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation.Enforcement;
import dev.berth.model.ReservationRequest;
import dev.berth.model.ServiceSpec;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Stories of reserved ports, on the simulated machine. */
class ReservationsTest extends Reserving {
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
}
