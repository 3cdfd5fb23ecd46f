package dev.berth.plan;

import dev.berth.model.ConflictHolder;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Service;
import dev.berth.model.Severity;
import java.util.List;
import java.util.Optional;

/**
 * One service that wants a port, and who has it.
 *
 * @param service the one that wants it
 * @param holder who has it
 * @param facts of the holder's topmost process; empty when unknown or no process
 * @param sameUser the holder belongs to the service's owner
 * @param protection the name of the rule that protects the holder; empty when none does
 * @param alternative the port that the service would move to; empty when there is none or migration is not allowed
 * @param cameBack who restarted the holder when it was ended before (in this contest or an earlier one)
 * @param severity and why
 * @param history what ending holders of this port did before, newest first
 */
public record Contest(
        Service service,
        PortKey port,
        ConflictHolder holder,
        Optional<ProcessFacts> facts,
        boolean sameUser,
        Optional<String> protection,
        Optional<PortKey> alternative,
        Optional<String> cameBack,
        Severity severity,
        String severityReason,
        List<PastEviction> history,
        Policy policy) {
    public Contest {
        history = List.copyOf(history);
    }
}
