package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Texts as Linux 6.18 wrote them. */
class ProcTextTest {
    @Test
    void argumentsKeepTheirSpacesAndEmptyOnes() {
        assertThat(ProcText.commandLine("sleep\0" + "1000\0")).containsExactly("sleep", "1000");
        assertThat(ProcText.commandLine("sh\0-c\0echo  a b\0\0x\0")).containsExactly("sh", "-c", "echo  a b", "", "x");
    }

    @Test
    void aTitleIsOneArgumentWithoutWhatIsLeftBehindIt() {
        assertThat(ProcText.commandLine("nginx: worker process\0\0\0\0\0")).containsExactly("nginx: worker process");
        assertThat(ProcText.commandLine("PM2 v5.3.0: God Daemon (/root/.pm2)      "))
                .containsExactly("PM2 v5.3.0: God Daemon (/root/.pm2)");
    }

    @Test
    void kernelThreadsHaveNoArguments() {
        assertThat(ProcText.commandLine("")).isEmpty();
    }

    @Test
    void onlyWantedVariablesAreKeptAndTheFirstCounts() {
        String environ =
                "HOME=/root\0BERTH_SERVICE=default/backend\0BERTH_SERVICE=default/other\0=odd\0noequals\0X=a=b\0";

        assertThat(ProcText.environment(environ, Set.of("BERTH_SERVICE", "X", "noequals")))
                .isEqualTo(Map.of("BERTH_SERVICE", "default/backend", "X", "a=b"));
    }

    /** As a process leaves them that has written over its variables: anybody may do that, and everybody waits for a look. */
    @Test
    @Timeout(20)
    void millionsOfEmptyVariablesAreReadAsFastAsOne() {
        String environ = "A=1" + "\0".repeat(4_000_000) + "BERTH_SERVICE=default/x\0";

        assertThat(ProcText.environment(environ, Set.of("BERTH_SERVICE"))).containsValue("default/x");
        assertThat(ProcText.environment("\0".repeat(4_000_000), Set.of("BERTH_SERVICE")))
                .isEmpty();
    }

    @Test
    void theEffectiveUidCounts() {
        String status =
                "Name:\tsudo\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t23581\nNgid:\t0\nPid:\t23581\nPPid:\t23540\n"
                        + "TracerPid:\t0\nUid:\t1000\t0\t0\t0\nGid:\t0\t0\t0\t0\nFDSize:\t256\n";

        assertThat(ProcText.effectiveUid(status)).hasValue(0);
        assertThat(ProcText.effectiveUid("Name:\tx\n")).isEmpty();
    }

    @Test
    void bootTimeAndTicks() {
        assertThat(ProcText.bootSeconds("cpu  1 2 3\nctxt 1295016\nbtime 1795244749\nprocesses 23589\n"))
                .hasValue(1795244749L);
        ByteBuffer auxv = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
        auxv.putLong(6).putLong(4096).putLong(17).putLong(100).putLong(0).putLong(0);
        assertThat(ProcText.ticksPerSecond(auxv.array())).hasValue(100);
        assertThat(ProcText.ticksPerSecond(new byte[16])).isEmpty();
    }

    @Test
    void namesOfUsers() {
        List<String> passwd = List.of(
                "root:x:0:0:root:/root:/bin/bash",
                "toor:x:0:0:a second name:/root:/bin/sh",
                "ann:x:1000:1000:Ann,,,:/home/ann:/bin/bash",
                "+::::::",
                "# a comment",
                "");

        assertThat(ProcText.passwd(passwd)).isEqualTo(Map.of(0L, "root", 1000L, "ann"));
    }

    @Test
    void socketsAmongDescriptors() {
        assertThat(ProcText.socketInode("socket:[123456]")).hasValue(123456L);
        assertThat(ProcText.socketInode("pipe:[123456]")).isEmpty();
        assertThat(ProcText.socketInode("/tmp/socket:[1]")).isEmpty();
        assertThat(ProcText.socketInode("socket:[]")).isEmpty();
    }

    @Test
    void oneVariableIsTheFirstOfItsWholeName() {
        assertThat(ProcText.variable("A=1\0B=2\0B=3\0", "B")).hasValue("2");
        assertThat(ProcText.variable("B=2=3\0A=1\0", "B")).hasValue("2=3");
        assertThat(ProcText.variable("A=1\0B=", "B")).hasValue("");
        assertThat(ProcText.variable("AB=1\0A=B=2\0", "B")).isEmpty();
        assertThat(ProcText.variable("", "B")).isEmpty();
    }

    @Test
    void uptimeIsReadInWholeSeconds() {
        assertThat(ProcText.uptimeSeconds("1234.56 4321.00\n")).hasValue(1234);
        assertThat(ProcText.uptimeSeconds("")).isEmpty();
    }

    @Test
    void whatIsNoNumberIsNotKnown() {
        assertThat(ProcText.uptimeSeconds("x.5 1.0\n")).isEmpty();
        assertThat(ProcText.uptimeSeconds("9999999999999999999.5")).isEmpty();
        assertThat(ProcText.residentPages("1 -2 3")).isEmpty();
        assertThat(ProcText.residentPages("1  3")).isEmpty();
        assertThat(ProcText.effectiveUid("Uid:\t1\t?\n")).isEmpty();
        assertThat(ProcText.bootSeconds("btime soon\n")).isEmpty();
    }
}
