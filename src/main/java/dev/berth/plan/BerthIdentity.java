package dev.berth.plan;

import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.User;
import java.time.Instant;
import java.util.List;

/**
 * Who Berth itself is, so that it never judges or ends itself or what it runs under.
 *
 * @param installation names Berth's memory, so that two Berths of one user keep apart what they started
 * @param since when it began to look: what was unclear before is looked for anew
 */
public record BerthIdentity(
        ProcessRef self, User user, List<ProcessRef> ancestors, String installation, Instant since) {
    /** What the daemon calls itself where the kernel keeps a short name of each process, by which one Berth knows another. */
    public static final String COMM = "berth";

    public BerthIdentity {
        ancestors = List.copyOf(ancestors);
    }

    /**
     * Is the process a Berth, this one or another? Somebody's own program of that name is none; whose file can't be read may
     * be one.
     */
    public static boolean isBerth(ProcessFacts process) {
        return process.comm().equals(COMM)
                && process.executable()
                        .map(path -> path.substring(path.lastIndexOf('/') + 1))
                        .filter(file -> !file.equals("java") && !file.equals("java (deleted)"))
                        .isEmpty();
    }
}
