package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.host.ExitStatus;
import dev.berth.host.ProcessControl;
import dev.berth.host.ProcessControl.Liveness;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.ProcessRef;
import dev.berth.testing.Children;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PidfdProcessControlTest extends RealProcessControlContract {
    private static final String HOLDER = """
            import os, socket, time
            s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
            print(os.fstat(s.fileno()).st_ino, flush=True)
            time.sleep(1000)
            """;

    @BeforeAll
    static void pidfds() {
        assumeTrue(Pidfd.isSupported(), "this test needs pidfds (Linux 5.3)");
    }

    @Override
    protected ProcessControl create() throws Exception {
        return new PidfdProcessControl();
    }

    @Test
    void signalsTheHolderOfTheSocket() {
        Children.Ready holder =
                children.startReady(List.of(Tools.require("python3").toString(), "-c", HOLDER));
        ProcessRef process = ref(holder.process().pid());
        long inode = Long.parseLong(holder.line());

        assertThat(control().signal(process, Set.of(inode, 1L), Signal.SIGTERM)).isEqualTo(new SignalResult.Sent());

        awaitEnd(process);
    }

    @Test
    void aSuspendedProcessHearsTheSignalToo() throws Exception {
        ProcessRef process = startObedient();
        children.start(List.of("kill", "-STOP", Long.toString(process.pid()))).waitFor();
        Awaitility.await("it is suspended")
                .until(() -> files.stat(process.pid())
                        .found()
                        .filter(ProcStat::isSuspended)
                        .isPresent());

        assertThat(control().signal(process, Set.of(), Signal.SIGTERM)).isEqualTo(new SignalResult.Sent());

        awaitEnd(process);
    }

    @Test
    void leavesAloneWhatDoesNotHoldTheSocket() {
        ProcessRef process = startObedient();

        assertThat(control().signal(process, Set.of(1L), Signal.SIGKILL)).isEqualTo(new SignalResult.NoLongerHolds());
        assertThat(control().liveness(process)).isEqualTo(Liveness.ALIVE);
    }

    @Test
    void ancestorsAreRefused() {
        List<ProcessHandle> ancestors = new ArrayList<>();
        Optional<ProcessHandle> next = ProcessHandle.current().parent();
        while (next.isPresent()) {
            ancestors.add(next.get());
            next = next.get().parent();
        }
        ancestors.removeIf(ancestor -> ancestor.pid() == 1);

        assertThat(ancestors)
                .allSatisfy(ancestor -> assertThat(control().signal(ref(ancestor.pid()), Set.of(), Signal.SIGKILL))
                        .isEqualTo(new SignalResult.Protected("ancestor")));
    }

    @Test
    void kernelThreadsAreRefused() {
        Optional<ProcStat> thread = files.stat(2).found().filter(ProcStat::isKernelThread);
        assumeTrue(thread.isPresent(), "this test needs to see kernel threads, which a pid namespace hides");

        assertThat(control().signal(ref(2), Set.of(), Signal.SIGKILL))
                .isEqualTo(new SignalResult.Protected("kernel-thread"));
    }

    @Test
    void aZombieIsGone() throws Exception {
        // Its parent never asks for it; the child's pid is what the parent says.
        Children.Ready parent = children.startReady(List.of("sh", "-c", "sleep 0 & echo $!; exec sleep 1000"));
        long pid = Long.parseLong(parent.line());
        ProcStat zombie = null;
        while (zombie == null || !zombie.isZombie()) {
            Optional<ProcStat> seen = files.stat(pid).found();
            assumeTrue(seen.isPresent(), "the shell reaped its child before it made way for sleep");
            zombie = seen.get();
            Thread.onSpinWait();
        }
        ProcessRef ref = new ProcessRef(pid, zombie.startTicks(), files.bootId());

        assertThat(control().liveness(ref)).isEqualTo(Liveness.GONE);
        assertThat(control().signal(ref, Set.of(), Signal.SIGTERM)).isEqualTo(new SignalResult.Gone());
        awaitEnd(ref);
        assertThat(new ProcfsProcessReader(System::nanoTime).identify(pid)).isEmpty();
    }

    /** As an adopted service is: started by somebody else, and reaped by its parent. */
    @Test
    void howAProcessOfAnotherParentEndedIsKnownWhenItsEndIsTold() throws Exception {
        assumeTrue(Pidfd.isExitTold(), "this test needs a kernel that tells how others' children ended (Linux 6.15)");
        String told = "sh -c 'trap \"exit 3\" TERM; echo $$; while :; do sleep 0.01; done' & wait; exec sleep 1000";
        ProcessRef returns = ref(
                Long.parseLong(children.startReady(List.of("sh", "-c", told)).line()));
        ProcessRef dies = startObedient();

        assertThat(statusAfter(returns, Signal.SIGTERM)).hasValue(new ExitStatus.Returned(3));
        assertThat(statusAfter(dies, Signal.SIGKILL)).hasValue(new ExitStatus.Signalled(9));
    }

    /** A careless pid 1 of a container leaves every orphan a zombie. */
    @Test
    void howOneEndedIsToldEvenWhenItsParentNeverAsks() throws Exception {
        Children.Ready parent = children.startReady(List.of("sh", "-c", "sleep 1000 & echo $!; exec sleep 1000"));
        ProcessRef process = ref(Long.parseLong(parent.line()));
        while (!files.stat(parent.process().pid()).found().orElseThrow().comm().equals("sleep")) {
            Thread.onSpinWait();
        }

        assertThat(statusAfter(process, Signal.SIGKILL)).hasValue(new ExitStatus.Signalled(9));
    }

    /** What is known at the moment when its end is told. */
    private Optional<ExitStatus> statusAfter(ProcessRef process, Signal signal) throws Exception {
        CompletableFuture<Optional<ExitStatus>> status = new CompletableFuture<>();
        control().onExit(process, () -> status.complete(control().exitStatus(process)));
        assertThat(control().signal(process, Set.of(), signal)).isEqualTo(new SignalResult.Sent());
        return status.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aPidReusedBetweenLookAndSignalIsNeverHit() throws Exception {
        Tools.requireRoot();
        Path lastPid = Path.of("/proc/sys/kernel/ns_last_pid");
        assumeTrue(Files.isWritable(lastPid), "this test needs to choose the next pid (ns_last_pid)");
        Process victim = children.start(Children.IDLE);
        ProcessRef meant = ref(victim.pid());
        List<Process> newcomer = new ArrayList<>();
        Runnable reuse = () -> {
            Children.end(victim);
            awaitTickAfter(meant.startTicks());
            newcomer.add(startWithPid(lastPid, victim.pid()));
        };

        try (ProcessControl control = new PidfdProcessControl(files, Pidfd::open, reuse)) {
            SignalResult result = control.signal(meant, Set.of(), Signal.SIGKILL);

            assertThat(newcomer.get(0).pid()).isEqualTo(meant.pid());
            assertThat(result).isEqualTo(new SignalResult.Gone());
            assertThat(newcomer.get(0).isAlive()).isTrue();
            assertThat(control.liveness(ref(meant.pid()))).isEqualTo(Liveness.ALIVE);
            assertThat(control.signal(meant, Set.of(), Signal.SIGKILL)).isInstanceOf(SignalResult.NotTheSame.class);
        }
    }

    /** Two processes of one pid and one clock tick can't be told apart; no machine uses up its pids that fast. */
    private static void awaitTickAfter(long startTicks) {
        try {
            long now = startTicks;
            while (now <= startTicks) {
                Thread.onSpinWait();
                String seconds = Files.readString(Path.of("/proc/uptime")).split(" ")[0];
                now = new BigDecimal(seconds).movePointRight(2).longValue();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Other programs take pids too, so it may need some attempts. */
    private Process startWithPid(Path lastPid, long pid) {
        for (int attempt = 0; attempt < 500; attempt++) {
            try {
                Files.writeString(lastPid, Long.toString(pid - 1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Process process = children.start(Children.IDLE);
            if (process.pid() == pid) {
                return process;
            }
            Children.end(process);
        }
        throw new AssertionError("pid " + pid + " could not be had again");
    }

    @Test
    void anEndedWatchAndAClosedControlLeaveNoDescriptorOpen() throws Exception {
        ProcessRef ending = startObedient();
        ProcessRef staying = startObedient();
        Map<String, Long> before = special();

        try (ProcessControl control = new PidfdProcessControl()) {
            for (int i = 0; i < 100; i++) {
                control.onExit(staying, () -> {}).close();
            }
            control.onExit(staying, () -> {});
            control.signal(ending, Set.of(), Signal.SIGKILL);
            control().liveness(ending);
            awaitEnd(ending);
            assertThat(special().get("anon_inode:[eventpoll]"))
                    .isEqualTo(before.getOrDefault("anon_inode:[eventpoll]", 0L) + 1);
        }

        assertThat(special()).isEqualTo(before);
    }

    /** How many descriptors of each kind without a name this process has: pidfds, epolls, eventfds. */
    private static Map<String, Long> special() throws IOException {
        Map<String, Long> counts = new HashMap<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                String target = target(descriptor);
                if (target.startsWith("anon_inode:") || target.startsWith("pidfd:")) {
                    counts.merge(target, 1L, Long::sum);
                }
            }
        }
        return counts;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }
}
