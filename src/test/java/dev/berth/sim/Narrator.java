package dev.berth.sim;

/** Tells the trace what happens on the machine. */
final class Narrator implements Witness {
    private final Trace trace;

    Narrator(Trace trace) {
        this.trace = trace;
    }

    @Override
    public void spawned(SimProcess process) {
        trace.add("starts", process.toString());
    }

    @Override
    public void exited(SimProcess process) {
        trace.add("ends", process.toString());
    }

    @Override
    public void opened(SimSocket socket) {
        trace.add("opens", socket.toString());
    }

    @Override
    public void destroyed(SimSocket socket) {
        trace.add("closes", socket.toString());
    }
}
