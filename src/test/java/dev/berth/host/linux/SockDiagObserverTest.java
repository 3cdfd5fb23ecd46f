package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.HostObserver;
import dev.berth.host.HostObserverContract;
import dev.berth.host.Neighbour;
import dev.berth.host.ObservationException;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.testing.Tools;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SockDiagObserverTest extends HostObserverContract {
    private final AtomicLong passed = new AtomicLong();

    @BeforeAll
    static void onLinux() {
        Tools.requireLinux();
    }

    @Override
    protected HostObserver open() throws Exception {
        return SockDiagObserver.open(
                new ProcfsProcessReader(System::nanoTime),
                InstantSource.system(),
                () -> System.nanoTime() + passed.get());
    }

    @Override
    protected Set<Ability> abilities() {
        return EnumSet.allOf(Ability.class);
    }

    @Override
    protected void pass(Duration time) {
        passed.addAndGet(time.toNanos());
    }

    @Test
    void aLookAtAnUnchangedMachineSharesTheListsOfTheOneBefore() throws Exception {
        Neighbour neighbour = python("s = sock(); say(port(s)); end()");
        HostObserver observer = observer();
        lookUntil(observer, PortKey.tcp(neighbour.hearPort()), heldBy(neighbour.pid()));

        // Other programs may open sockets meanwhile: one quiet pair of looks is enough.
        boolean shared = false;
        for (int i = 0; i < 1000 && !shared; i++) {
            HostSnapshot before = observer.observe();
            HostSnapshot after = observer.observe();
            shared = before.listeners() == after.listeners() && before.processes() == after.processes();
        }

        assertThat(shared).isTrue();
    }

    @Test
    void whoseProcessesCanNotBeReadIsToldAndTheSocketIsStillSeen() throws Exception {
        Tools.requireRoot();
        Neighbour neighbour = python("os.setuid(65534); s = sock(); say(port(s)); end()");
        PortKey port = PortKey.tcp(neighbour.hearPort());

        // On a thread that gives up root's sight, and ends.
        HostSnapshot[] looks = CompletableFuture.supplyAsync(
                        () -> {
                            EffectiveCapabilities.dropSight();
                            try {
                                HostObserver observer = observer();
                                lookUntil(observer, port, SockDiagObserverTest::isUnseenForGood);
                                return new HostSnapshot[] {observer.observe(), observer.inspect(port)};
                            } catch (Exception e) {
                                throw new CompletionException(e);
                            }
                        },
                        task -> new Thread(task).start())
                .get();

        for (HostSnapshot look : looks) {
            assertThat(look.completeness().covers(Protocol.TCP)).isTrue();
            assertThat(look.completeness().gaps())
                    .anySatisfy(gap -> assertThat(gap).contains("can't be read by"));
            Ownership.Unseen unseen = (Ownership.Unseen) look.on(port).get(0).ownership();
            assertThat(unseen.reason()).contains("nobody", "ss -H", ":" + port.port());
        }
    }

    private static boolean isUnseenForGood(List<Listener> listeners) {
        return listeners.size() == 1
                && listeners.get(0).ownership() instanceof Ownership.Unseen unseen
                && !unseen.searching();
    }

    @Test
    void aSearchThatTakesLongGoesOnInLaterTicksAndSaysSo() throws Exception {
        Neighbour neighbour = python("s = sock(); say(port(s)); end()");
        PortKey port = PortKey.tcp(neighbour.hearPort());
        // Each look at this clock finds the time of a whole tick gone: one process is searched at a time.
        AtomicLong clock = new AtomicLong();
        HostObserver observer = keep(SockDiagObserver.open(
                new ProcfsProcessReader(System::nanoTime),
                InstantSource.system(),
                () -> clock.addAndGet(Duration.ofMillis(100).toNanos())));

        Set<Boolean> searching = new HashSet<>();
        lookUntil(observer, port, seen -> {
            if (seen.get(0).ownership() instanceof Ownership.Unseen unseen) {
                searching.add(unseen.searching());
            }
            return heldBy(neighbour.pid()).test(seen);
        });

        assertThat(searching).doesNotContain(false);
    }

    @Test
    void aMovedDescriptorIsFoundAgainInTheSameProcess() throws Exception {
        Neighbour neighbour = python("""
                s = sock()
                say(port(s))
                hear()
                moved = os.dup(s.fileno()); s.close()
                say(moved)
                end()
                """);
        PortKey port = PortKey.tcp(neighbour.hearPort());
        HostObserver observer = observer();
        lookUntil(observer, port, heldBy(neighbour.pid()));

        neighbour.nudge();
        neighbour.hear();
        pass(Duration.ofSeconds(3));

        assertThat(heldBy(neighbour.pid()).test(observer.observe().on(port))).isTrue();
    }

    @Test
    void aSocketThatChangedHandsIsNeverToldWithItsFormerHolder() throws Exception {
        Neighbour parent = python("""
                s = sock()
                say(port(s))
                hear()
                pid = os.fork()
                if pid == 0: signal.pause()
                say(pid)
                hear()
                os._exit(0)
                """);
        PortKey port = PortKey.tcp(parent.hearPort());
        HostObserver observer = observer();
        lookUntil(observer, port, heldBy(parent.pid()));
        parent.nudge();
        long child = parent.hear()[0];

        parent.nudge();
        ProcessHandle.of(parent.pid()).ifPresent(process -> process.onExit().join());
        pass(Duration.ofSeconds(3));

        assertThat(pids(observer.observe().on(port).get(0))).doesNotContain(parent.pid());
        lookUntil(observer, port, heldBy(child));
    }

    @Test
    void whatAProcessBecomesByExecIsToldWithinSeconds() throws Exception {
        Neighbour neighbour = python("""
                s = sock()
                os.set_inheritable(s.fileno(), True)
                say(port(s))
                hear()
                os.execvp("sh", ["sh", "-c", "echo 1; read line; : another program"])
                """);
        PortKey port = PortKey.tcp(neighbour.hearPort());
        HostObserver observer = observer();
        lookUntil(observer, port, heldBy(neighbour.pid()));
        neighbour.nudge();
        neighbour.hear();

        pass(Duration.ofSeconds(6));
        lookUntil(observer, port, seen -> {
            pass(Duration.ofSeconds(6));
            Ownership.Held held = (Ownership.Held) seen.get(0).ownership();
            try {
                return observer.observe()
                        .processes()
                        .get(held.holders().get(0))
                        .command()
                        .contains("another program");
            } catch (ObservationException e) {
                throw new CompletionException(e);
            }
        });
    }

    @Test
    void aProgramThatExecutesItselfWithOtherArgumentsIsToldWithinSeconds() throws Exception {
        Neighbour neighbour = python("""
                s = sock()
                os.set_inheritable(s.fileno(), True)
                say(port(s))
                hear()
                os.execv(sys.executable, [sys.executable, "-c", "print(1, flush=True); input('with other arguments')"])
                """);
        PortKey port = PortKey.tcp(neighbour.hearPort());
        HostObserver observer = observer();
        lookUntil(observer, port, heldBy(neighbour.pid()));
        neighbour.nudge();
        neighbour.hear();

        Duration passed = Duration.ZERO;
        while (!command(observer.observe(), port).contains("with other arguments")) {
            assertThat(passed).isLessThan(Duration.ofSeconds(50));
            pass(Duration.ofMillis(500));
            passed = passed.plusMillis(500);
        }
    }

    private static String command(HostSnapshot look, PortKey port) {
        Ownership.Held held = (Ownership.Held) look.on(port).get(0).ownership();
        return look.processes().get(held.holders().get(0)).command();
    }

    @Test
    void manyThoroughLooksAtOnceEachTellTheirOwnPort() throws Exception {
        Neighbour neighbour = python("held = [sock() for _ in range(50)]; say(*map(port, held)); end()");
        long[] ports = neighbour.hear();
        HostObserver observer = observer();

        List<Callable<HostSnapshot>> looks = Arrays.stream(ports)
                .<Callable<HostSnapshot>>mapToObj(port -> () -> observer.inspect(PortKey.tcp((int) port)))
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(looks.size());
        List<Future<HostSnapshot>> answers;
        try {
            answers = threads.invokeAll(looks);
        } finally {
            threads.shutdownNow();
        }

        for (int i = 0; i < ports.length; i++) {
            List<Listener> seen = answers.get(i).get().listeners();
            assertThat(heldBy(neighbour.pid()).test(seen)).as("%s", seen).isTrue();
            assertThat(seen.get(0).port()).isEqualTo((int) ports[i]);
        }
    }

    /** For whom no time passes but by {@link #pass}: what a tick is told then, it is told because the kernel said so. */
    private Ticking settledTicker() throws Exception {
        Ticking ticking = new Ticking(keep(
                SockDiagObserver.open(new ProcfsProcessReader(System::nanoTime), InstantSource.system(), passed::get)));
        ticking.untilSpared();
        return ticking;
    }

    @Test
    void aTickAfterTwoSecondsLooksWhateverTheKernelCounts() throws Exception {
        Ticking ticking = settledTicker();

        pass(Duration.ofSeconds(2));

        assertThat(ticking.tick()).isTrue();
    }

    @Test
    void eachKindOfSocketThatBeginsToServeIsSeenInTheNextTick() throws Exception {
        Neighbour neighbour = python("""
                held = []
                say(0)
                for open in (
                    lambda: sock(),
                    lambda: sock(V6, '::1'),
                    lambda: sock(V6, '::', v6only=1),
                    lambda: sock(V6, '::', v6only=0),
                    lambda: sock(kind=UDP),
                    lambda: sock(V6, '::1', kind=UDP)):
                    hear()
                    held.append(open())
                    say(port(held[-1]))
                end()
                """);
        neighbour.hear();
        Ticking ticking = settledTicker();
        for (Protocol protocol :
                List.of(Protocol.TCP, Protocol.TCP, Protocol.TCP, Protocol.TCP, Protocol.UDP, Protocol.UDP)) {
            neighbour.nudge();
            PortKey port = new PortKey(protocol, neighbour.hearPort());

            ticking.tick();

            assertThat(ticking.latest().on(port)).hasSize(1);
            ticking.untilSpared();
        }
    }

    @Test
    void aSecondSocketOfAPortAndAListenerThatPausesAreSeenInTheNextTick() throws Exception {
        Neighbour neighbour = python("""
                one = sock(reuseport=True)
                say(port(one))
                hear()
                two = sock(port=port(one), reuseport=True)
                say(0)
                hear()
                two.shutdown(socket.SHUT_RDWR)
                say(0)
                hear()
                two.listen()
                say(0)
                end()
                """);
        PortKey port = PortKey.tcp(neighbour.hearPort());
        Ticking ticking = settledTicker();
        for (int sockets : List.of(2, 1, 2)) {
            neighbour.nudge();
            neighbour.hear();

            ticking.tick();

            assertThat(ticking.latest().on(port)).hasSize(sockets);
            ticking.untilSpared();
        }
    }

    /** Listeners that come while a connection, that {@code server}, {@code client} and {@code accepted} have, ends so. */
    private void comeWhile(String connectionEnds) throws Exception {
        Neighbour neighbour = python("""
                import struct
                server = sock()
                client = socket.create_connection(server.getsockname())
                accepted, _ = server.accept()
                say(port(server))
                hear()
                %s
                one, two = sock(), sock()
                say(port(one), port(two))
                end()
                """.formatted(connectionEnds));
        neighbour.hear();
        Ticking ticking = settledTicker();
        neighbour.nudge();

        for (long port : neighbour.hear()) {
            ticking.until(PortKey.tcp((int) port), seen -> seen.size() == 1);
        }
    }

    @Test
    void listenersThatOpenAsAConnectionIsClosedAreSeenThoughAsManySocketsAreCounted() throws Exception {
        comeWhile("client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); client.close();"
                + " accepted.close()");
    }

    @Test
    void listenersThatOpenAsAConnectionEndsWhoseDescriptorsStayAreSeenThoughNothingWasDestroyed() throws Exception {
        comeWhile("client.shutdown(socket.SHUT_WR); accepted.shutdown(socket.SHUT_WR)");
    }

    @Test
    void aListenerThatIsReplacedByAnotherIsSeenThoughTheCountsStayEqual() throws Exception {
        Neighbour neighbour = python("""
                one = sock()
                say(port(one))
                hear()
                one.close(); two = sock()
                say(port(two))
                end()
                """);
        PortKey first = PortKey.tcp(neighbour.hearPort());
        Ticking ticking = settledTicker();
        neighbour.nudge();
        PortKey second = PortKey.tcp(neighbour.hearPort());

        ticking.until(second, seen -> seen.size() == 1);

        assertThat(ticking.latest().on(first)).isEmpty();
    }

    @Test
    void whoeverInheritsASocketIsFoundInTicksThatAreSpared() throws Exception {
        Neighbour neighbour = python("""
                s = sock()
                say(port(s))
                hear()
                pid = os.fork()
                if pid == 0: signal.pause()
                say(pid)
                end()
                """);
        PortKey port = PortKey.tcp(neighbour.hearPort());
        Ticking ticking = settledTicker();
        ticking.until(port, heldBy(neighbour.pid()));
        neighbour.nudge();
        long child = neighbour.hear()[0];

        // Half a second and again half a second: no more than one tick in four looks because of the time.
        for (int i = 0;
                i < 6 && !heldBy(neighbour.pid(), child).test(ticking.latest().on(port));
                i++) {
            pass(Duration.ofMillis(500));
            ticking.tick();
        }

        assertThat(heldBy(neighbour.pid(), child).test(ticking.latest().on(port)))
                .isTrue();
    }
}
