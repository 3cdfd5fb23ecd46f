package dev.berth.control;

import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** Makes the loop and what people ask of it, wired to each other. */
public final class ControlPlane implements AutoCloseable {
    private final Declarations declarations;
    private final PortQueries ports;
    private final PortRelease release;
    private final Conflicts conflicts;
    private final ControlLoop loop;

    /**
     * @param blocking for what may take seconds, such as stopping a unit; a simulation passes {@code Runnable::run}
     * @param jitter spreads retries
     */
    public ControlPlane(Surroundings surroundings, Limits limits, Executor blocking, RandomGenerator jitter) {
        declarations = new Declarations();
        ports = new PortQueries();
        release = new PortRelease();
        conflicts = new Conflicts();
        loop = new ControlLoop();
    }

    public Declarations declarations() {
        return declarations;
    }

    public PortQueries ports() {
        return ports;
    }

    public PortRelease release() {
        return release;
    }

    public Conflicts conflicts() {
        return conflicts;
    }

    public ControlLoop loop() {
        return loop;
    }

    @Override
    public void close() {
        loop.close();
    }
}
