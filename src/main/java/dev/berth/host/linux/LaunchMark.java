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
     * and exec, though, a process shows its parent's environment, so that what is young and has no marker may yet get one.
     *
     * @param stat of the process, read before this
     * @param settledBefore in ticks since boot: who started later is young
     * @param wait what this look has left for waiting
     * @return empty where that can't be told now
     */
    static Optional<LaunchMark> read(ProcStat stat, long settledBefore, ExecWait wait) throws CallException {
        if (stat.isKernelThread()) {
            return Optional.of(new LaunchMark(Optional.empty(), true));
        }
        Environment environment = ProcScan.environment(stat.pid(), wait);
        if (environment instanceof Environment.Passing) {
            return Optional.empty();
        }
        Optional<String> launch = environment.text().flatMap(text -> ProcText.variable(text, Marker.LAUNCH));
        boolean old = stat.startTicks() < settledBefore;
        return Optional.of(new LaunchMark(launch, old || launch.isPresent() && isItsOwn(stat)));
    }

    /** The name is asked for again: the kernel writes down that a program was executed a moment before its name. */
    private static boolean isItsOwn(ProcStat stat) throws CallException {
        return stat.hasExecuted()
                && !stat.comm().equals(STEPPING_STONE)
                && ProcScan.stat(stat.pid())
                        .filter(again -> again.comm().equals(stat.comm()))
                        .isPresent();
    }
}
