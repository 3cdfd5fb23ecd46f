package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines as Linux 6.18 wrote them, but for the fields in question. */
class EnvironmentAreaTest {
    private static final long RANDOMIZED = 0x0040_0000;
    private static final long KERNEL_THREAD = 0x0020_0000;
    private static final long EXITING = 0x4;

    @ParameterizedTest
    @CsvSource({
        "94545002020864, 140721744824445, 140721744826345, FILLED",
        "94545002020864, 140721744824445, 140721744824445, EMPTY",
        "1, 0, 0, UNTOLD",
        "0, 0, 0, NOT_YET_BUILT",
        "0, 140721744824445, 140721744824445, NOT_YET_BUILT",
        "0, 140721744824445, 140721744826345, NOT_YET_BUILT",
    })
    void ofARunningProgram(long code, long start, long end, EnvironmentArea area) {
        assertThat(EnvironmentArea.of(line(RANDOMIZED, code, start, end))).isEqualTo(area);
    }

    @ParameterizedTest
    @CsvSource({KERNEL_THREAD + ", EMPTY", (RANDOMIZED | EXITING) + ", TAKEN_DOWN"})
    void ofWhatHasNoMemoryOfItsOwn(long flags, EnvironmentArea area) {
        assertThat(EnvironmentArea.of(line(flags, 0, 0, 0))).isEqualTo(area);
    }

    private static String line(long flags, long code, long start, long end) {
        return "23581 (sle) p) R 23540 23535 21974 0 -1 " + flags + " 10 0 1 0 0 0 0 0 20 0 1 0 230740 430080 33"
                + " 18446744073709551615 " + code + " 94545002038793 140721744816944 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0"
                + " 94545002052880 94545002054144 94545613185024 140721744824434 140721744824445 " + start + " " + end
                + " 0\n";
    }
}
