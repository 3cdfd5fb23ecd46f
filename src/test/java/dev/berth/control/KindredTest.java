package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.ProcessTable.Entry;
import dev.berth.model.ProcessRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KindredTest {
    /** Small tables with every kind of tie, those that no system would show included. */
    @Test
    void findsTheSameAsASearchOfTheWholeTable() {
        SplittableRandom random = new SplittableRandom(11);
        int larger = 0;
        for (int round = 0; round < 5_000; round++) {
            List<Entry> table = new ArrayList<>();
            for (long pid = 1; pid <= 12; pid++) {
                table.add(new Entry(
                        new ProcessRef(pid, random.nextInt(3), "boot"),
                        random.nextInt(14),
                        0,
                        random.nextInt(14),
                        random.nextInt(3) == 0 ? Optional.of("launch-" + random.nextInt(3)) : Optional.empty()));
            }
            Kindred kindred = new Kindred(table);
            for (Optional<String> launch : launches()) {
                ProcessRef leader = new ProcessRef(1 + random.nextInt(13), random.nextInt(3), "boot");
                List<ProcessRef> before = random.nextBoolean()
                        ? List.of()
                        : List.of(new ProcessRef(1 + random.nextInt(13), random.nextInt(3), "boot"));
                List<ProcessRef> family = kindred.family(leader, launch, before);
                assertThat(family)
                        .as("%s of %s, once %s, in %s", leader, launch, before, table)
                        .containsExactlyInAnyOrderElementsOf(Family.of(table, leader, launch, before));
                larger += family.size() > 1 ? 1 : 0;
            }
        }
        assertThat(larger).as("families of more than one").isGreaterThan(1_000);
    }

    private static List<Optional<String>> launches() {
        List<Optional<String>> launches = new ArrayList<>(List.of(Optional.empty()));
        IntStream.range(0, 3).forEach(i -> launches.add(Optional.of("launch-" + i)));
        return launches;
    }
}
