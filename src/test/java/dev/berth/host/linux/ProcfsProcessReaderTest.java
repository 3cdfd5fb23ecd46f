package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Ancestor;
import dev.berth.model.HolderKind;
import dev.berth.model.ProcessFacts;
import dev.berth.testing.Children;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcfsProcessReaderTest {
    private final Children children = new Children();
    private ProcfsProcessReader reader;

    @BeforeEach
    void create() throws Exception {
        Tools.requireLinux();
        reader = new ProcfsProcessReader(System::nanoTime);
    }

    @AfterEach
    void endChildren() {
        children.close();
    }

    @Test
    void readsAProcessAsTheJvmKnowsIt() {
        ProcessHandle self = ProcessHandle.current();

        ProcessFacts facts = reader.read(self.pid()).orElseThrow();

        assertThat(facts.ref()).isEqualTo(reader.identify(self.pid()).orElseThrow());
        assertThat(facts.user().name()).hasValue(System.getProperty("user.name"));
        assertThat(facts.comm()).isEqualTo("java");
        assertThat(facts.commandLine().get(0)).endsWith("java");
        assertThat(facts.executable()).isEqualTo(self.info().command());
        assertThat(facts.workingDirectory()).hasValue(System.getProperty("user.dir"));
        assertThat(Duration.between(
                                facts.startedAt(), self.info().startInstant().orElseThrow())
                        .abs())
                .isLessThan(Duration.ofSeconds(2));
        assertThat(facts.ancestors().stream()
                        .map(Ancestor::ref)
                        .map(ref -> ref.pid())
                        .findFirst())
                .isEqualTo(self.parent().map(ProcessHandle::pid));
        assertThat(facts.kernelThread()).isFalse();
        assertThat(facts.marker()).isEmpty();
    }

    @Test
    void aChildDescendsFromItsParentAndCarriesItsMarker() {
        Process child = children.start(Children.IDLE, Map.of("BERTH_SERVICE", "default/backend"));

        // Between fork and exec a child still shows its parent's environment.
        ProcessFacts facts = awaitExec(child.pid(), "sleep");

        assertThat(facts.descendsFrom(
                        reader.identify(ProcessHandle.current().pid()).orElseThrow()))
                .isTrue();
        assertThat(facts.commandLine()).isEqualTo(Children.IDLE);
        assertThat(facts.marker()).hasValue("default/backend");
        assertThat(facts.origin().kind()).isEqualTo(HolderKind.MANAGED);
    }

    @Test
    void aSupervisorIsNamed(@TempDir Path directory) throws Exception {
        // Called like one, and like one the parent of what it runs.
        Path supervisor = directory.resolve("supervisord");
        Files.writeString(supervisor, "#!/bin/sh\nsleep 1000 &\necho $!\nwait\n");
        assertThat(supervisor.toFile().setExecutable(true)).isTrue();
        Children.Ready ready = children.startReady(List.of(supervisor.toString()));

        ProcessFacts facts = awaitExec(Long.parseLong(ready.line()), "sleep");

        assertThat(facts.origin().kind()).isEqualTo(HolderKind.SUPERVISED);
        assertThat(facts.origin().respawner())
                .hasValue("supervisord (pid " + ready.process().pid() + ")");
    }

    @Test
    void whatHasEndedIsNotThere() {
        Process child = children.start(Children.IDLE);
        Children.end(child);

        assertThat(reader.identify(child.pid())).isEmpty();
        assertThat(reader.read(child.pid())).isEmpty();
        assertThat(reader.read(-1)).isEmpty();
    }

    @Test
    void initIsASystemProcess() {
        ProcessFacts facts = reader.read(1).orElseThrow();

        assertThat(facts.origin().kind()).isEqualTo(HolderKind.SYSTEM);
        assertThat(facts.ancestors()).isEmpty();
        assertThat(facts.startedAt()).isAfter(Instant.EPOCH);
    }

    @Test
    void deniedFieldsAreEmptyAndUnknownUsersNameless(@TempDir Path proc) throws Exception {
        // Of another user's process only stat, status, cmdline and cgroup can be read.
        Path process = Files.createDirectories(proc.resolve("42"));
        Files.writeString(
                process.resolve("stat"), "42 (redis) S 0 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 777 0 0 0 0 0 0\n");
        Files.writeString(process.resolve("status"), "Name:\tredis\nUid:\t4321\t4321\t4321\t4321\n");
        Files.writeString(process.resolve("cmdline"), "/usr/bin/redis-server 127.0.0.1:6379\0");
        layOut(proc);
        Path passwd = Files.writeString(proc.resolve("passwd"), "root:x:0:0:root:/root:/bin/bash\n");

        ProcessFacts facts =
                new ProcfsProcessReader(proc, passwd, System::nanoTime).read(42).orElseThrow();

        assertThat(facts.ref().startTicks()).isEqualTo(777);
        assertThat(facts.ref().bootId()).isEqualTo("228943dc-a849-433e-8902-1b53487555a4");
        assertThat(facts.user().display()).isEqualTo("uid 4321");
        assertThat(facts.command()).isEqualTo("/usr/bin/redis-server 127.0.0.1:6379");
        assertThat(facts.executable()).isEmpty();
        assertThat(facts.workingDirectory()).isEmpty();
        assertThat(facts.marker()).isEmpty();
        assertThat(facts.origin().kind()).isEqualTo(HolderKind.FOREIGN);
    }

    @Test
    void whatIsAboveBerthIsReadOnceASecond(@TempDir Path proc) throws Exception {
        long self = ProcessHandle.current().pid();
        layOut(proc);
        long shell = self + 1;
        long service = self + 2;
        long worker = self + 3;
        long other = self + 4;
        process(proc, shell, "bash", 0, 10);
        process(proc, self, "java", shell, 20);
        process(proc, service, "serve", self, 30);
        process(proc, worker, "worker", service, 40);
        process(proc, other, "cron", shell, 50);
        AtomicLong nanos = new AtomicLong();
        ProcfsProcessReader own = new ProcfsProcessReader(proc, Path.of("/etc/passwd"), nanos::get);
        assertThat(above(own, service)).containsExactly("java", "bash");

        process(proc, service, "served", self, 30);
        process(proc, shell, "zsh", 0, 10);
        nanos.set(999_999_999);

        assertThat(above(own, service)).containsExactly("java", "bash");
        assertThat(above(own, worker)).containsExactly("served", "java", "bash");
        assertThat(above(own, other)).as("not below Berth").containsExactly("zsh");

        nanos.set(1_000_000_000);
        assertThat(above(own, service)).containsExactly("java", "zsh");

        process(proc, self, "java", other, 60);
        assertThat(above(own, service)).as("its parent is another one").isEmpty();
        process(proc, self, "java", 0, 20);
        assertThat(above(own, service)).containsExactly("java");
    }

    private static List<String> above(ProcfsProcessReader reader, long pid) {
        return reader.read(pid).orElseThrow().ancestors().stream()
                .map(Ancestor::comm)
                .toList();
    }

    private static void process(Path proc, long pid, String comm, long parent, long startTicks) throws IOException {
        Path process = Files.createDirectories(proc.resolve(Long.toString(pid)));
        Files.writeString(
                process.resolve("stat"),
                pid + " (" + comm + ") S " + parent + " " + pid + " " + pid + " 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 "
                        + startTicks + " 0 0 0 0 0 0\n");
    }

    private static void layOut(Path proc) throws IOException {
        Files.createDirectories(proc.resolve("sys/kernel/random"));
        Files.writeString(proc.resolve("sys/kernel/random/boot_id"), "228943dc-a849-433e-8902-1b53487555a4\n");
        Files.writeString(proc.resolve("stat"), "btime 1795244749\n");
        Files.createDirectories(proc.resolve("self"));
        Files.write(proc.resolve("self/auxv"), Files.readAllBytes(Path.of("/proc/self/auxv")));
    }

    private ProcessFacts awaitExec(long pid, String comm) {
        Optional<ProcessFacts> facts = reader.read(pid);
        while (facts.isPresent() && !facts.get().comm().equals(comm)) {
            Thread.onSpinWait();
            facts = reader.read(pid);
        }
        return facts.orElseThrow();
    }
}
