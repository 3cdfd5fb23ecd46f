package dev.berth.sim;

import dev.berth.model.User;
import dev.berth.plan.BerthIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Berth's own process on the simulated machine, and what it may see. */
record BerthProcess(Machine machine, SimProcess self) {
    private static final Program PROGRAM = Program.named("java", "/usr/bin/java", "-jar", "berth.jar");

    static BerthProcess start(Machine machine, SimProcess shell, long uid) {
        return new BerthProcess(machine, machine.start(PROGRAM, uid, shell));
    }

    List<SimProcess> ancestors() {
        List<SimProcess> above = new ArrayList<>();
        for (Optional<SimProcess> up = self.parent; up.isPresent(); up = up.orElseThrow().parent) {
            above.add(up.orElseThrow());
        }
        return above;
    }

    /** The rule that forbids to signal this process; the seam's own, whoever asks. */
    Optional<String> protects(SimProcess process) {
        if (process == machine.init) {
            return Optional.of("init");
        }
        if (process.kernelThread) {
            return Optional.of("kernel-thread");
        }
        if (process == self) {
            return Optional.of("self");
        }
        return self.descendsFrom(process) ? Optional.of("ancestor") : Optional.empty();
    }

    boolean maySee(SimProcess process) {
        return self.uid == User.ROOT || process.uid == self.uid;
    }

    static final String INSTALLATION = "sim";

    BerthIdentity identity(Instant now) {
        return new BerthIdentity(
                self.ref,
                Users.of(self.uid),
                ancestors().stream().map(process -> process.ref).toList(),
                INSTALLATION,
                now);
    }
}
