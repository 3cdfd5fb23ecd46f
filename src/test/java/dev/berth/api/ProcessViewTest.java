package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.User;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Of another user's process no more is told than ps shows, although Berth may read more. */
class ProcessViewTest {
    private static final User BEN = User.of(61_002, "ben");
    private static final ProcessFacts HIS = new ProcessFacts(
            new ProcessRef(4711, 1, "boot"),
            BEN,
            "node",
            List.of("node", "server.js"),
            Optional.of("/home/ben/secret-project/node"),
            Optional.of("/home/ben/secret-project"),
            Instant.EPOCH,
            4711,
            4711,
            List.of(),
            false,
            Optional.empty(),
            Origin.of(HolderKind.FOREIGN));

    @Test
    void directoriesAreForThoseWhoMayReadTheProcess() {
        PortObject.ProcessView others = PortObject.ProcessView.of(HIS, reader -> false);
        assertThat(others.command()).isEqualTo("node server.js");
        assertThat(others.toString()).doesNotContain("secret-project");

        PortObject.ProcessView own = PortObject.ProcessView.of(HIS, BEN::equals);
        assertThat(own.workingDirectory()).hasValue("/home/ben/secret-project");
        assertThat(own.executable()).hasValue("/home/ben/secret-project/node");
    }
}
