package dev.berth.sim;

import dev.berth.control.PlanMaker;
import dev.berth.host.HostObserver;
import dev.berth.host.Launcher;
import dev.berth.host.PortHold;
import dev.berth.host.ProcessControl;
import dev.berth.host.ProcessTable;
import dev.berth.store.Registry;

/** Breaks one promise on purpose, to see that the simulation catches it. Does nothing where it is not told otherwise. */
interface Sabotage {
    Sabotage NONE = new Sabotage() {};

    default ProcessControl control(FakeHost host) {
        return host.control;
    }

    default HostObserver observer(FakeHost host) {
        return host.observer;
    }

    default PortHold holds(FakeHost host) {
        return host.hold;
    }

    default Launcher launcher(FakeHost host) {
        return host.launcher;
    }

    default ProcessTable table(FakeHost host) {
        return host.table;
    }

    default PlanMaker planner(PlanMaker real) {
        return real;
    }

    default Registry registry(Registry real) {
        return real;
    }
}
