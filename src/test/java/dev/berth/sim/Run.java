package dev.berth.sim;

/** Runs one seed, and tells of a failure what is needed to see it again; {@code -Dberth.sim.trace=true} prints every line. */
final class Run {
    private Run() {}

    static Simulation of(long seed, long steps, Sabotage sabotage) {
        Simulation simulation = new Simulation(seed, Planning.planner(), sabotage);
        if (Boolean.getBoolean("berth.sim.trace")) {
            simulation.trace().tell(System.out::println);
        }
        try {
            simulation.run(steps);
            return simulation;
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError(
                    "seed " + seed + ", step " + simulation.steps() + ": " + failure
                            + "\nreplay: ./mvnw test -Dtest=SimulationTest -Dberth.sim.seed=" + seed
                            + " -Dberth.sim.steps=" + steps + "\n"
                            + String.join("\n", simulation.trace().tail()),
                    failure);
        }
    }
}
