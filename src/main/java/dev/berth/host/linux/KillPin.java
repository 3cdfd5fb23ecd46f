package dev.berth.host.linux;

import com.sun.jna.Native;
import dev.berth.host.linux.ProcFiles.Reading;

/**
 * For kernels without pidfds (before Linux 5.3): looks at the start time again and signals by pid right after. Between the two
 * remain some microseconds in which the process would have to end, be reaped, and all other pids be used up.
 */
final class KillPin implements ProcessPin {
    static {
        Native.register(KillPin.class, "c");
    }

    private final ProcFiles files;
    private final ProcStat pinned;

    private KillPin(ProcFiles files, ProcStat pinned) {
        this.files = files;
        this.pinned = pinned;
    }

    static Pinner over(ProcFiles files) {
        return pid -> new KillPin(files, look(files, pid));
    }

    @Override
    public boolean hasEnded() {
        Reading<ProcStat> now = files.stat(pinned.pid());
        return now instanceof Reading.Gone<ProcStat>
                || now.found().filter(stat -> !isPinned(stat)).isPresent();
    }

    @Override
    public void send(int signal) throws CallException {
        if (pinned.pid() <= 1 || pinned.pid() > Integer.MAX_VALUE) {
            // 0 and below mean groups of processes.
            throw new IllegalArgumentException("not the pid of a process to signal: " + pinned.pid());
        }
        if (!isPinned(look(files, pinned.pid()))) {
            throw new CallException("looking again at pid " + pinned.pid(), Errno.ESRCH);
        }
        if (kill((int) pinned.pid(), signal) < 0) {
            throw new CallException("kill(" + pinned.pid() + ")", Native.getLastError());
        }
    }

    private boolean isPinned(ProcStat now) {
        return now.startTicks() == pinned.startTicks() && !now.isZombie();
    }

    private static ProcStat look(ProcFiles files, long pid) throws CallException {
        Reading<ProcStat> stat = files.stat(pid);
        if (stat instanceof Reading.Found<ProcStat> found) {
            return found.value();
        }
        throw new CallException(
                "reading the start time of pid " + pid,
                stat instanceof Reading.Refused<ProcStat> ? Errno.EACCES : Errno.ESRCH);
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    private static native int kill(int pid, int signal);
}
