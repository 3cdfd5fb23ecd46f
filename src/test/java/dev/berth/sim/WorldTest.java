package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.ObservationException;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Ownership;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The simulated machine keeps its own laws, whatever happens on it. */
class WorldTest {
    private static final int STEPS = 20_000;

    private static Trace live(long seed) {
        Chance chance = new Chance(seed);
        Trace trace = new Trace();
        VirtualTime time = new VirtualTime();
        trace.useClock(time::monotonic);
        Faults faults = new Faults(chance.split(), trace, 0.5);
        Machine machine = new Machine(time, chance.split());
        machine.watch(new Narrator(trace));
        World world = new World(machine, chance.split(), faults);
        FakeHost host = new FakeHost(machine, BerthProcess.start(machine, world.terminal, Users.DEV), faults);
        for (int step = 0; step < STEPS; step++) {
            world.happens();
            time.advance(chance.millis(0, 200));
            try {
                obeysItsLaws(machine, host.observer.observe());
            } catch (ObservationException failed) {
                trace.add("look", String.valueOf(failed.getMessage()));
            }
        }
        return trace;
    }

    private static void obeysItsLaws(Machine machine, HostSnapshot seen) {
        for (SimSocket socket : machine.network.sockets()) {
            assertThat(socket.destroyed).isFalse();
            assertThat(socket.ownerless || !socket.holders.isEmpty()).isTrue();
            assertThat(socket.holders).allMatch(SimProcess::alive);
        }
        for (SimProcess process : machine.processes()) {
            assertThat(machine.byPid(process.pid())).containsSame(process);
            assertThat(process.state).isNotEqualTo(SimProcess.State.REAPED);
        }
        seen.listeners().forEach(listener -> {
            if (listener.ownership() instanceof Ownership.Held held) {
                assertThat(held.holders()).isNotEmpty();
            }
        });
    }

    @Test
    void staysConsistentAndRepeatsItself() {
        Trace one = live(7);
        Trace other = live(7);

        assertThat(other.lines()).isEqualTo(one.lines()).isGreaterThan(STEPS);
        assertThat(other.hash()).isEqualTo(one.hash());
        assertThat(live(8).hash()).isNotEqualTo(one.hash());
    }

    @Test
    void pidsWrapAndAreUsedAgain() {
        VirtualTime time = new VirtualTime();
        Machine machine = new Machine(time, new Chance(1));
        SimProcess first = machine.start(Program.named("first"), Users.DEV, machine.init);
        machine.exit(first);
        time.advance(Duration.ofSeconds(10));
        SimProcess latest = first;
        for (int i = 0; i < 1_000 && (latest == first || latest.pid() != first.pid() + 100); i++) {
            latest = machine.start(Program.named("next"), Users.DEV, machine.init);
            machine.exit(latest);
            time.advance(Duration.ofSeconds(4));
        }
        assertThat(machine.find(first.ref)).isEmpty();
        assertThat(machine.processes()).hasSizeLessThan(10);
    }
}
