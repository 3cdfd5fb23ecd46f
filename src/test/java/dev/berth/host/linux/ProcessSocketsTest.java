package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.testing.Tools;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessSocketsTest {
    @ParameterizedTest
    @CsvSource({
        "socket:[59351], 59351",
        "socket:[4294967295], 4294967295",
        "socket:[1], 1",
        "socket:[], 0",
        "socket:[12, 0",
        "socket:[1x], 0",
        "pipe:[59351], 0",
        "anon_inode:[eventpoll], 0",
        "/tmp/socket:[5], 0",
        "/dev/null, 0"
    })
    void onlySocketLinksNameASocket(String link, long inode) {
        byte[] bytes = link.getBytes(StandardCharsets.UTF_8);

        assertThat(ProcessSockets.socketInode(bytes, bytes.length)).isEqualTo(inode);
    }

    @Test
    void everyProcessIsVisitedOnceTheLikelyOnesFirst() {
        Tools.requireLinux();
        ProcessSockets processes = new ProcessSockets();
        long self = ProcessHandle.current().pid();
        long owner = processes.owner(self).orElseThrow();
        // Pids beyond the kernel's highest (2^22) belong to nobody: they come after those of the likely user.
        ProcessWalk walk = new ProcessWalk(processes, new long[] {5_000_000, self, 4_999_999}, Set.of(owner));

        List<Long> visited = new ArrayList<>();
        for (OptionalLong pid = walk.next(); pid.isPresent(); pid = walk.next()) {
            visited.add(pid.getAsLong());
        }

        assertThat(visited).containsExactly(self, 5_000_000L, 4_999_999L);
    }

    @Test
    void aProcessThatIsGoneIsNotTakenForOneThatIsDenied() {
        Tools.requireLinux();
        ProcessSockets processes = new ProcessSockets();

        assertThat(processes.scan(5_000_000, new long[0], (pid, descriptor, inode) -> {}))
                .isEqualTo(ProcessSockets.Sight.GONE);
        assertThat(processes.scan(ProcessHandle.current().pid(), new long[0], (pid, descriptor, inode) -> {}))
                .isEqualTo(ProcessSockets.Sight.READ);
    }
}
