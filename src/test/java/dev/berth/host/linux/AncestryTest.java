package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.HolderEvidence.Program;
import dev.berth.host.linux.Ancestry.Above;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AncestryTest {
    private static final long PARENT = 10;

    private final List<Long> asked = new ArrayList<>();
    private List<Above> above = List.of(above(PARENT, 100));
    private final Ancestry look = new Ancestry.Once(process -> {
        asked.add(process.pid());
        return above;
    });

    private static ProcStat stat(long pid, long parent, long startTicks) {
        return new ProcStat(pid, "sh", 'S', parent, pid, pid, 0, 0, 0, 0, 1, startTicks, 0, Optional.empty());
    }

    private static Above above(long pid, long startTicks) {
        return new Above(stat(pid, 0, startTicks), new Program(pid, "sh", List.of("sh"), Optional.of("/bin/sh")));
    }

    @Test
    void whatIsAboveSiblingsIsReadOnce() {
        assertThat(look.of(stat(11, PARENT, 100))).isEqualTo(above);
        assertThat(look.of(stat(12, PARENT, 200))).isEqualTo(above);
        assertThat(look.of(stat(13, 1, 200))).isEqualTo(above);

        assertThat(asked).containsExactly(11L, 13L);
    }

    /** Its parent has ended, and the number is another's by now. */
    @Test
    void whoIsOlderThanThatParentIsAskedItself() {
        assertThat(look.of(stat(11, PARENT, 200))).isEqualTo(above);
        above = List.of();

        assertThat(look.of(stat(12, PARENT, 99))).isEmpty();
    }

    /** One of them went meanwhile. */
    @Test
    void whatDoesNotReachTheTopIsNotRemembered() {
        above = List.of(new Above(stat(PARENT, 1, 100), above.get(0).program()));
        assertThat(look.of(stat(11, PARENT, 200))).hasSize(1);
        above = List.of(above.get(0), above(1, 0));

        assertThat(look.of(stat(12, PARENT, 200))).hasSize(2);
    }

    @Test
    void thatNobodyWasThereIsNotRemembered() {
        above = List.of();
        assertThat(look.of(stat(11, PARENT, 200))).isEmpty();
        above = List.of(above(PARENT, 100));

        assertThat(look.of(stat(12, PARENT, 200))).isEqualTo(above);
    }
}
