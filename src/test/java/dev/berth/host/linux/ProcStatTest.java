package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.host.ExitStatus;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines as Linux 6.18 wrote them. */
class ProcStatTest {
    private static final String SLEEP =
            "23581 (sleep) R 23540 23535 21974 0 -1 4194304 10 0 1 0 0 0 0 0 20 0 1 0 230740 430080 33"
                    + " 18446744073709551615 94545002020864 94545002038793 140721744816944 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0"
                    + " 94545002052880 94545002054144 94545613185024 140721744824434 140721744824445 140721744824445"
                    + " 140721744826345 0\n";

    private static final String STRANGE_NAME =
            "19410 (a) R 1 (x\n y) S 19369 19325 21974 0 -1 4194368 295 0 0 0 0 0 0 0 20 0 1 0 334174 18558976 2808"
                    + " 18446744073709551615 94320690544640 94320690544981 140720469610000 0 0 0 0 16781312 2 1 0 0 17 1 0 0"
                    + " 0 0 0 94320690556336 94320690556952 94321115643904 140720469612567 140720469612623 140720469612623"
                    + " 140720469614543 0\n";

    private static final String ZOMBIE =
            "19410 (a) R 1 (x\n y) Z 19369 19325 21974 0 -1 4228172 295 0 0 0 0 0 0 0 20 0 1 0"
                    + " 334174 0 0 18446744073709551615 0 0 0 0 0 0 0 16781312 2 1 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 9\n";

    private static final String LEADER_ENDED_BEFORE_ITS_THREAD =
            "19411 (python3) Z 19369 19325 21974 0 -1 4227148 384 0 4 0 0 0 0 0 20 0 2 0 334204 0 0"
                    + " 18446744073709551615 0 0 0 0 0 0 0 16781312 2 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

    private static final String KERNEL_THREAD = "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 1 0 0 20 0 1 0 24 0 0"
            + " 18446744073709551615 0 0 0 0 0 0 0 2147483647 0 1 0 0 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

    @Test
    void readsWhatIdentifiesAndPlacesAProcess() {
        ProcStat stat = ProcStat.parse(SLEEP);

        assertThat(stat)
                .isEqualTo(new ProcStat(
                        23581,
                        "sleep",
                        'R',
                        23540,
                        23535,
                        21974,
                        0,
                        4194304,
                        0,
                        0,
                        1,
                        230740,
                        140721744816944L,
                        Optional.empty()));
        assertThat(stat.isZombie()).isFalse();
        assertThat(stat.isKernelThread()).isFalse();
    }

    @Test
    void aNameMayPretendToBeTheRestOfTheLine() {
        ProcStat stat = ProcStat.parse(STRANGE_NAME);

        assertThat(stat.comm()).isEqualTo("a) R 1 (x\n y");
        assertThat(stat.state()).isEqualTo('S');
        assertThat(stat.parent()).isEqualTo(19369);
        assertThat(stat.startTicks()).isEqualTo(334174);
    }

    @Test
    void cpuTimeIsThatOfUserModeAndKernelAndOfChildrenApart() {
        ProcStat stat = ProcStat.parse("7 (x) S 1 7 7 0 -1 0 1 2 3 4 500 60 7000 800 20 0 9 0 5 1 42 0 1 1 1");

        assertThat(stat.cpuTicks()).isEqualTo(560);
        assertThat(stat.childrenCpuTicks()).isEqualTo(7800);
        assertThat(stat.threads()).isEqualTo(9);
    }

    @Test
    void aZombieHasEnded() {
        assertThat(ProcStat.parse(ZOMBIE).isZombie()).isTrue();
    }

    @Test
    void aZombieTellsHowItEnded() {
        assertThat(ProcStat.parse(ZOMBIE).ended()).hasValue(new ExitStatus.Signalled(9));
        assertThat(zombie(768).ended()).hasValue(new ExitStatus.Returned(3));
        assertThat(zombie(0).ended()).hasValue(new ExitStatus.Returned(0));
        assertThat(ProcStat.parse(SLEEP).ended()).isEmpty();
        assertThat(ProcStat.parse(LEADER_ENDED_BEFORE_ITS_THREAD).ended()).isEmpty();
    }

    /** A zombie's line as its own user reads it. */
    private static ProcStat zombie(int code) {
        return ProcStat.parse(ZOMBIE.replaceFirst(" 9\n$", " " + code + "\n"));
    }

    /** To others the kernel writes 0 for the code, and for whether it waits. */
    @Test
    void aStrangersZombieIsNotSaidToHaveReturnedZero() {
        String hidden = ZOMBIE.replaceFirst(" 9\n$", " 0\n").replace(" 2 1 0 0 17 ", " 2 0 0 0 17 ");
        assertThat(ProcStat.parse(hidden).ended()).isEmpty();
    }

    @Test
    void aLeaderThatEndedBeforeItsThreadsHasNot() {
        assertThat(ProcStat.parse(LEADER_ENDED_BEFORE_ITS_THREAD).isZombie()).isFalse();
    }

    @Test
    void kernelThreadsShowByTheirFlag() {
        assertThat(ProcStat.parse(KERNEL_THREAD).isKernelThread()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "23581",
                "23581 (sleep",
                "23581 (sleep) R 23540",
                "x (sleep) R 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> ProcStat.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/proc/PID/stat");
    }
}
