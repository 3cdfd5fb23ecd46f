package dev.berth.plan;

import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.model.Severity;
import java.util.Optional;

/** How much a contest matters, with the reason. What weighs is whether the service can go on, and how much it is needed. */
final class SeverityJudge {
    private SeverityJudge() {}

    record Verdict(Severity severity, String reason) {}

    static Verdict of(Service service, Standing.Taken taken, Optional<PortKey> alternative) {
        boolean critical = service.spec().critical();
        if (taken.stale()) {
            return critical
                    ? new Verdict(Severity.MEDIUM, "a stale process of its own is in the way of a critical service")
                    : new Verdict(Severity.LOW, "only a stale process of its own is in the way");
        }
        if (alternative.isPresent()) {
            return critical
                    ? new Verdict(
                            Severity.HIGH, "the service is critical; it could move to " + alternative.orElseThrow())
                    : new Verdict(Severity.MEDIUM, "the service could move to " + alternative.orElseThrow());
        }
        return critical
                ? new Verdict(Severity.CRITICAL, "the service is critical and has no other port to go to")
                : new Verdict(Severity.HIGH, "the service has no other port to go to");
    }

    static Verdict ofClaim(Service service, Optional<PortKey> alternative) {
        if (alternative.isPresent()) {
            return new Verdict(Severity.LOW, "settled among declarations; it moves to " + alternative.orElseThrow());
        }
        return new Verdict(
                service.spec().critical() ? Severity.HIGH : Severity.MEDIUM,
                "settled among declarations, but it has no other port to go to");
    }
}
