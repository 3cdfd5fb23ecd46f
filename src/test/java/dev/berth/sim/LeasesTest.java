package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.LeaseAnswer;
import dev.berth.model.PortKey;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Reservations that end by themselves, and those that somebody claims. */
class LeasesTest extends Reserving {
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
}
