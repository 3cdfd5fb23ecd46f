package dev.berth.host.linux;

import dev.berth.model.Marker;
import java.util.Optional;

/**
 * Of which launch a process is, by the marker in its environment.
 *
 * @param launch empty where it has none, or none that this user may see
 * @param lasts whether it need not be asked again
 */
record LaunchMark(Optional<String> launch, boolean lasts) {
    /** The JDK's own program between a fork and the program that was wanted, with the environment of its parent. */
    private static final String STEPPING_STONE = "jspawnhelper";

    /**
     * Reads it. The marker of a program that was executed is its own and stays, whatever the process becomes after it. Between fork
     * and exec, though, a process shows its parent's environment, so that what is young and has no marker may yet get one. What can't be read now says nothing for later.
     *
     * @param stat of the process, read before this
     * @param settledBefore in ticks since boot: who started later is young
     */
    static LaunchMark read(ProcStat stat, long settledBefore) throws CallException {
        Environment environment = ProcScan.environment(stat.pid());
        Optional<String> launch = environment.text().flatMap(text -> ProcText.variable(text, Marker.LAUNCH));
        boolean own = launch.isPresent() && stat.hasExecuted() && !stat.comm().equals(STEPPING_STONE);
        boolean old = stat.startTicks() < settledBefore && environment instanceof Environment.Variables;
        return new LaunchMark(launch, own || old);
    }
}
