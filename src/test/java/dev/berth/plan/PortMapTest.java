package dev.berth.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.testing.Gen;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortMapTest {
    /** Beside a plain set, whatever is added and removed. */
    @Test
    void findsTheFirstPortThatIsInNoneOfThem() {
        Gen.check(300, gen -> {
            PortMap[] maps = {new PortMap(), new PortMap()};
            Set<Integer> taken = new HashSet<>();
            int low = gen.oneOf(1, 60, 1024, 65_300);
            int high = Math.min(65_535, low + gen.number(0, 200));
            for (int i = gen.number(0, 400); i > 0; i--) {
                int port = gen.number(low, high);
                PortMap map = gen.oneOf(maps);
                map.add(port);
                taken.add(port);
                if (gen.chance(30)) {
                    int other = gen.number(low, high);
                    maps[0].remove(other);
                    maps[1].remove(other);
                    taken.remove(other);
                }
            }
            int from = gen.number(low, high);
            OptionalInt expected = IntStream.rangeClosed(from, high)
                    .filter(port -> !taken.contains(port))
                    .findFirst();
            assertThat(PortMap.firstFree(from, high, maps)).isEqualTo(expected);
            assertThat(maps[0].contains(from) || maps[1].contains(from)).isEqualTo(taken.contains(from));
            assertThat(PortMap.firstFree(high + 1, high, maps)).isEmpty();
        });
    }
}
