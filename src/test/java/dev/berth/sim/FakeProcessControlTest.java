package dev.berth.sim;

import dev.berth.host.ProcessControl;
import dev.berth.host.ProcessControlContract;
import dev.berth.model.ProcessRef;
import dev.berth.sim.Program.OnTerm;
import java.time.Duration;

/** The simulated seam keeps the promises of the real ones. */
class FakeProcessControlTest extends ProcessControlContract {
    private final VirtualTime time = new VirtualTime();
    private final Machine machine = new Machine(time, new Chance(1));
    private final SimProcess shell = machine.start(Program.named("bash"), Users.DEV, machine.init);
    private final BerthProcess berth = BerthProcess.start(machine, shell, Users.DEV);

    @Override
    protected ProcessControl create() {
        return new FakeHost(machine, berth, Faults.none()).control;
    }

    @Override
    protected ProcessRef startObedient() {
        return machine.start(Program.named("sleep"), Users.DEV, shell).ref;
    }

    @Override
    protected ProcessRef startStubborn() {
        return machine.start(Program.named("deaf").onTerm(OnTerm.IGNORE, Duration.ZERO), Users.DEV, shell).ref;
    }

    @Override
    protected ProcessRef init() {
        return machine.init.ref;
    }

    @Override
    protected ProcessRef self() {
        return berth.self().ref;
    }

    @Override
    protected void advance() {
        try {
            time.advance(Duration.ofMillis(10));
        } catch (IllegalStateException ofACallback) {
            // A callback of the contract's own fails on purpose; here it runs on the thread that pumps time.
            time.advance(Duration.ZERO);
        }
    }
}
