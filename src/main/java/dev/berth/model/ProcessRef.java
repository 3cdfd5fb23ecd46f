package dev.berth.model;

/**
 * One process, never to be confused with a later one of the same pid.
 *
 * @param startTicks start time in clock ticks since boot (field 22 of /proc/PID/stat); where the system has none, another
 *     number that no two processes of one pid share
 * @param bootId the boot that the ticks count from
 */
public record ProcessRef(long pid, long startTicks, String bootId) {
    @Override
    public String toString() {
        return "pid " + pid;
    }
}
