package dev.berth.sim;

import java.time.Duration;

/** Every seam of one life of Berth on a simulated machine. */
final class FakeHost implements AutoCloseable {
    final Machine machine;
    final BerthProcess berth;
    final Life life;
    final Sight sight;
    final FakeObserver observer;
    final FakeProcessControl control;
    final FakePortHold hold;
    final FakeLauncher launcher;
    final FakeOwnerStop ownerStop;
    final FakeProcessTable table;
    final FakeHealthCheck health;
    final FakeLaunches launches;

    private final Seam seam;

    FakeHost(Machine machine, BerthProcess berth, Faults faults) {
        this.machine = machine;
        this.berth = berth;
        this.life = new Life(faults);
        this.sight = new Sight(machine, berth);
        this.seam = new Seam(machine.time, faults, life);
        this.observer = new FakeObserver(machine, sight, seam);
        this.control = new FakeProcessControl(machine, berth, sight, seam);
        this.hold = new FakePortHold(machine, berth, seam);
        this.launcher = new FakeLauncher(machine, berth, seam);
        this.table = new FakeProcessTable(machine, sight, seam, machine.time::monotonic);
        this.health = new FakeHealthCheck(machine, seam);
        this.launches = new FakeLaunches(machine, faults);
        this.ownerStop = new FakeOwnerStop(machine, seam);
    }

    /** Berth dies: its process goes, with every port that it held, and nothing of it acts any more. */
    @Override
    public void close() {
        life.end();
        observer.close();
        control.close();
        machine.exit(berth.self());
    }

    /** Whether every signal fails from now on, as without descriptors. */
    void signalsFail(boolean all) {
        control.fail(all);
    }

    /** How long every look takes from now on. */
    void looksTake(Duration each) {
        seam.looksTake(each);
    }
}
