package dev.berth.plan;

import dev.berth.model.Exit;
import dev.berth.model.HealthReading;
import dev.berth.model.LimitReading;
import dev.berth.model.ProcessRef;
import java.util.List;
import java.util.Optional;

/**
 * What was seen of the processes of a service that Berth runs, beside its sockets.
 *
 * @param leader how the recorded process is
 * @param exit how it ended, when it has gone
 * @param family what is left of its launch when it has gone, topmost first
 * @param portTaken its output says that its port was taken
 * @param obstacles what keeps it from being started now; only looked for when it does not run, or is to be ended for a restart
 * @param details more about them, for those who look at this service alone
 * @param passing nobody has to remove these obstacles: they go when other services have their ports
 * @param installInputs fingerprint of what its {@code install} depends on; empty when it has none
 * @param health what its health check says of the present launch
 * @param limits how what it uses compares with the thresholds; empty when none is set
 * @param closing Berth itself ends, and its services with it
 * @param jitter from 0 to 1, spreads restarts
 */
public record RunFacts(
        Leader leader,
        Optional<Exit> exit,
        List<ProcessRef> family,
        boolean portTaken,
        List<String> obstacles,
        List<String> details,
        boolean passing,
        Optional<String> installInputs,
        Optional<HealthReading> health,
        Optional<LimitReading> limits,
        boolean closing,
        double jitter) {
    /** How the recorded process is. */
    public enum Leader {
        /** None is recorded. */
        NONE,
        ALIVE,
        GONE,
        /** It could not be seen. */
        UNKNOWN
    }

    /** Of a service for which Berth runs nothing. */
    public static final RunFacts NOTHING = new RunFacts(
            Leader.NONE,
            Optional.empty(),
            List.of(),
            false,
            List.of(),
            List.of(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            0.5);

    public RunFacts {
        family = List.copyOf(family);
        obstacles = List.copyOf(obstacles);
        details = List.copyOf(details);
    }

    public RunFacts withObstacles(List<String> found, List<String> more, boolean areAllPassing) {
        return new RunFacts(
                leader,
                exit,
                family,
                portTaken,
                found,
                more,
                areAllPassing,
                installInputs,
                health,
                limits,
                closing,
                jitter);
    }
}
