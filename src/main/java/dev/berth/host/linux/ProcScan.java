package dev.berth.host.linux;

import java.util.Optional;

/** Reads files of many processes in a row, where one that has gone or may not be read is simply left out. */
final class ProcScan {
    private ProcScan() {}

    static Optional<ProcStat> stat(long pid) throws CallException {
        return text(pid, "stat").map(ProcStat::parse);
    }

    /** The whole environment. */
    static Environment environment(long pid, ExecWait wait) throws CallException {
        return Environment.read("/proc/" + pid, Integer.MAX_VALUE, wait);
    }

    /**
     * The whole file.
     *
     * @return empty when the process has gone, or the file was denied
     * @throws CallException for what is no matter of this process, such as no descriptors left
     */
    static Optional<String> text(long pid, String name) throws CallException {
        try {
            return Optional.of(FileText.read("/proc/" + pid + "/" + name, Integer.MAX_VALUE));
        } catch (CallException e) {
            return switch (e.errno()) {
                case Errno.ENOENT, Errno.ESRCH, Errno.EACCES, Errno.EPERM -> Optional.empty();
                default -> throw e;
            };
        }
    }
}
