package dev.berth.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.model.Blockage;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Protocol;
import dev.berth.testing.FreePorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every observer must see, on real sockets of real processes. */
public abstract class HostObserverContract {
    /** For conditions that the next looks must meet; far above what a loaded machine needs. */
    protected static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What an observer may be unable to do on its system; it then says so in its completeness, and is not tested here. */
    protected enum Ability {
        EVERY_HOLDER,
        EVERY_SOCKET_OF_A_PORT,
        TELLS_DUAL_STACK,
        EXPLAINS_BLOCKED_PORTS,
        HEARS_OF_CLOSED_SOCKETS
    }

    private final List<AutoCloseable> open = new ArrayList<>();

    /** A new observer; closed by the contract. */
    protected abstract HostObserver open() throws Exception;

    protected abstract Set<Ability> abilities();

    /** Lets the observer believe that this much time has passed, where it depends on time. */
    protected void pass(Duration time) {}

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    protected final <T extends AutoCloseable> T keep(T closeable) {
        open.add(closeable);
        return closeable;
    }

    protected final HostObserver observer() throws Exception {
        return keep(open());
    }

    protected final Neighbour python(String script) {
        return keep(Neighbour.python(script));
    }

    private void needs(Ability ability) {
        assumeTrue(abilities().contains(ability), () -> "this observer can't: " + ability);
    }

    /** Looks until the sockets of the port are as wanted. */
    protected final List<Listener> lookUntil(HostObserver observer, PortKey port, Predicate<List<Listener>> wanted)
            throws ObservationException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Listener> seen;
        do {
            seen = observer.observe().on(port);
            if (wanted.test(seen)) {
                return seen;
            }
            Thread.onSpinWait();
        } while (System.nanoTime() < deadline);
        return fail("in " + PATIENCE + " the sockets of " + port + " did not become as wanted; last seen: " + seen);
    }

    /** As a ticker looks: what it is not told anew is as it was told before. */
    protected static final class Ticking {
        private final HostObserver observer;
        private HostSnapshot latest;

        public Ticking(HostObserver observer) throws ObservationException {
            this.observer = observer;
            this.latest = observer.observe();
        }

        public HostSnapshot latest() {
            return latest;
        }

        /** Whether this tick was told anything. */
        public boolean tick() throws ObservationException {
            Optional<HostSnapshot> told = observer.observeChange();
            latest = told.orElse(latest);
            return told.isPresent();
        }

        /** Until a tick is told nothing: others may open and close sockets meanwhile. */
        public void untilSpared() throws ObservationException {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (tick()) {
                assertThat(System.nanoTime()).as("every tick looked").isLessThan(deadline);
            }
        }

        public void until(PortKey port, Predicate<List<Listener>> wanted) throws ObservationException {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!wanted.test(latest.on(port))) {
                assertThat(System.nanoTime())
                        .as("%s is %s", port, latest.on(port))
                        .isLessThan(deadline);
                tick();
            }
        }
    }

    protected static Predicate<List<Listener>> heldBy(long... pids) {
        return listeners -> listeners.size() == 1 && pids(listeners.get(0)).equals(asSet(pids));
    }

    protected static Set<Long> pids(Listener listener) {
        return listener.ownership() instanceof Ownership.Held held
                ? held.holders().stream().map(ProcessRef::pid).collect(java.util.stream.Collectors.toSet())
                : Set.of();
    }

    private static Set<Long> asSet(long... pids) {
        return java.util.Arrays.stream(pids).boxed().collect(java.util.stream.Collectors.toSet());
    }

    private static long self() {
        return ProcessHandle.current().pid();
    }

    @Test
    void aListenerOfThisProcessIsSeenOnItsAddressWithItsHolder() throws Exception {
        HostObserver observer = observer();
        ServerSocket server = keep(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
        PortKey port = PortKey.tcp(server.getLocalPort());

        Listener seen = lookUntil(observer, port, heldBy(self())).get(0);

        assertThat(seen.address()).isEqualTo("127.0.0.1");
        assertThat(seen.isWildcard()).isFalse();
        assertThat(seen.dualStack()).isFalse();
        HostSnapshot snapshot = observer.observe();
        assertThat(snapshot.completeness().covers(Protocol.TCP)).isTrue();
        Ownership.Held held = (Ownership.Held) seen.ownership();
        ProcessFacts facts = snapshot.processes().get(held.holders().get(0));
        assertThat(facts.ref().pid()).isEqualTo(self());
        assertThat(facts.command()).contains("java");
        assertThat(observer.identify(self())).contains(facts.ref());
        assertThat(observer.describe(facts.ref()).orElseThrow().ref()).isEqualTo(facts.ref());
        ProcessRef another =
                new ProcessRef(self(), facts.ref().startTicks() + 1, facts.ref().bootId());
        assertThat(observer.describe(another)).isEmpty();
    }

    @Test
    void everyKindOfAddressIsToldApart() throws Exception {
        Neighbour neighbour = python("""
                held = [sock(), sock(address="0.0.0.0"), sock(V6, "::1"), sock(V6, "::", v6only=0), sock(V6, "::", v6only=1)]
                say(*map(port, held))
                end()
                """);
        long[] ports = neighbour.hear();
        HostObserver observer = observer();
        List<String> seen = new ArrayList<>();
        for (long port : ports) {
            Listener listener = lookUntil(observer, PortKey.tcp((int) port), heldBy(neighbour.pid()))
                    .get(0);
            seen.add(listener.address() + (listener.dualStack() ? " dual" : ""));
        }

        assertThat(seen.subList(0, 3)).containsExactly("127.0.0.1", "0.0.0.0", "::1");
        assertThat(seen.get(4)).isEqualTo("::");
        if (abilities().contains(Ability.TELLS_DUAL_STACK)) {
            assertThat(seen.get(3)).isEqualTo(":: dual");
        }
    }

    @Test
    void v4AndV6OnlyOfTwoProcessesOnOnePortAreTwoListeners() throws Exception {
        Neighbour v4 = python("s = sock(address='0.0.0.0'); say(port(s)); end()");
        int number = v4.hearPort();
        Neighbour v6 = python("s = sock(V6, '::', " + number + ", v6only=1); say(port(s)); end()");
        v6.hear();

        List<Listener> seen = lookUntil(
                observer(),
                PortKey.tcp(number),
                all -> all.size() == 2
                        && all.stream().allMatch(each -> pids(each).size() == 1));

        assertThat(seen).anySatisfy(listener -> {
            assertThat(listener.address()).isEqualTo("0.0.0.0");
            assertThat(pids(listener)).containsExactly(v4.pid());
        });
        assertThat(seen).anySatisfy(listener -> {
            assertThat(listener.address()).isEqualTo("::");
            assertThat(listener.dualStack()).isFalse();
            assertThat(pids(listener)).containsExactly(v6.pid());
        });
    }

    @Test
    void twoProcessesThatShareAPortByReuseportAreTwoListeners() throws Exception {
        needs(Ability.EVERY_SOCKET_OF_A_PORT);
        Neighbour one = python("s = sock(reuseport=True); say(port(s)); end()");
        int number = one.hearPort();
        Neighbour two = python("s = sock(port=" + number + ", reuseport=True); say(port(s)); end()");
        two.hear();

        List<Listener> seen = lookUntil(
                observer(),
                PortKey.tcp(number),
                all -> all.size() == 2
                        && all.stream().allMatch(each -> pids(each).size() == 1));

        assertThat(seen).flatMap(HostObserverContract::pids).containsExactlyInAnyOrder(one.pid(), two.pid());
        assertThat(seen).extracting(Listener::cookie).doesNotHaveDuplicates();
        assertThat(observer().inspect(PortKey.tcp(number)).listeners())
                .flatMap(HostObserverContract::pids)
                .containsExactlyInAnyOrder(one.pid(), two.pid());
    }

    @Test
    void boundUdpSocketsAreSeenAndAreNoTcp() throws Exception {
        Neighbour neighbour = python("s = sock(kind=UDP, address='0.0.0.0'); say(port(s)); end()");
        int number = neighbour.hearPort();
        HostObserver observer = observer();

        Listener seen = lookUntil(observer, new PortKey(Protocol.UDP, number), heldBy(neighbour.pid()))
                .get(0);

        assertThat(seen.protocol()).isEqualTo(Protocol.UDP);
        assertThat(observer.observe().on(PortKey.tcp(number))).isEmpty();
        assertThat(observer.inspect(new PortKey(Protocol.UDP, number)).listeners())
                .flatMap(HostObserverContract::pids)
                .containsExactly(neighbour.pid());
    }

    @Test
    void everyHolderOfASharedSocketIsFound() throws Exception {
        needs(Ability.EVERY_HOLDER);
        Neighbour master = python("""
                s = sock()
                workers = []
                for _ in range(2):
                    pid = os.fork()
                    if pid == 0: end()
                    workers.append(pid)
                say(port(s), *workers)
                end()
                """);
        long[] line = master.hear();
        PortKey port = PortKey.tcp((int) line[0]);
        HostObserver observer = observer();

        lookUntil(observer, port, heldBy(master.pid(), line[1], line[2]));

        Listener thorough = observer().inspect(port).listeners().get(0);
        assertThat(pids(thorough)).containsExactlyInAnyOrder(master.pid(), line[1], line[2]);
    }

    @Test
    void aWorkerThatIsForkedLaterIsFoundToo() throws Exception {
        needs(Ability.EVERY_HOLDER);
        Neighbour master = python("""
                s = sock()
                say(port(s))
                hear()
                pid = os.fork()
                if pid == 0: end()
                say(pid)
                end()
                """);
        PortKey port = PortKey.tcp(master.hearPort());
        HostObserver observer = observer();
        lookUntil(observer, port, heldBy(master.pid()));

        master.nudge();
        long worker = master.hear()[0];
        pass(Duration.ofSeconds(3));

        lookUntil(observer, port, heldBy(master.pid(), worker));
    }

    @Test
    void whenTheParentClosesItsCopyTheChildIsTheHolder() throws Exception {
        Neighbour parent = python("""
                s = sock()
                say(port(s))
                hear()
                pid = os.fork()
                if pid == 0: end()
                s.close()
                say(pid)
                end()
                """);
        PortKey port = PortKey.tcp(parent.hearPort());
        HostObserver observer = observer();
        lookUntil(observer, port, heldBy(parent.pid()));

        parent.nudge();
        long child = parent.hear()[0];
        pass(Duration.ofSeconds(3));

        lookUntil(observer, port, heldBy(child));
        assertThat(observer.inspect(port).listeners())
                .flatMap(HostObserverContract::pids)
                .containsExactly(child);
    }

    @Test
    void aListenerThatWentIsGoneInTheNextLook() throws Exception {
        HostObserver observer = observer();
        ServerSocket server = keep(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        PortKey port = PortKey.tcp(server.getLocalPort());
        lookUntil(observer, port, heldBy(self()));

        server.close();

        assertThat(observer.observe().on(port)).isEmpty();
        assertThat(observer.inspect(port).listeners()).isEmpty();
    }

    @Test
    void thatASocketIsGoneIsToldSoon() throws Exception {
        needs(Ability.HEARS_OF_CLOSED_SOCKETS);
        HostObserver observer = observer();
        LinkedBlockingQueue<PortKey> gone = new LinkedBlockingQueue<>();
        observer.onSocketGone(gone::add);
        Neighbour neighbour =
                python("a = sock(); b = sock(V6, '::1'); u = sock(kind=UDP); say(port(a), port(b), port(u)); end()");
        long[] ports = neighbour.hear();
        List<PortKey> keys = List.of(
                PortKey.tcp((int) ports[0]), PortKey.tcp((int) ports[1]), new PortKey(Protocol.UDP, (int) ports[2]));
        for (PortKey key : keys) {
            lookUntil(observer, key, heldBy(neighbour.pid()));
        }

        neighbour.close();

        List<PortKey> told = new ArrayList<>();
        while (!told.containsAll(keys)) {
            PortKey next = gone.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(next).as("told %s of %s", told, keys).isNotNull();
            told.add(next);
        }
    }

    @Test
    void aTickerIsToldOfWhateverComesAndGoes() throws Exception {
        HostObserver observer = observer();
        Neighbour neighbour = python("""
                held = [sock(), sock(V6, '::', v6only=1), sock(kind=UDP), sock(V6, '::1', kind=UDP)]
                say(*map(port, held))
                hear()
                [each.close() for each in held]
                say(0)
                end()
                """);
        long[] ports = neighbour.hear();
        List<PortKey> keys = List.of(
                PortKey.tcp((int) ports[0]),
                PortKey.tcp((int) ports[1]),
                new PortKey(Protocol.UDP, (int) ports[2]),
                new PortKey(Protocol.UDP, (int) ports[3]));
        Ticking ticking = new Ticking(observer);
        for (PortKey key : keys) {
            ticking.until(key, seen -> seen.size() == 1);
        }

        neighbour.nudge();
        neighbour.hear();

        for (PortKey key : keys) {
            ticking.until(key, List::isEmpty);
        }
    }

    @Test
    void aPortTakenByAnOutgoingConnectionIsExplained() throws Exception {
        needs(Ability.EXPLAINS_BLOCKED_PORTS);
        ServerSocket server = keep(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
        Neighbour client = python(
                "c = socket.create_connection(('127.0.0.1', " + server.getLocalPort() + ")); say(port(c)); end()");
        PortKey port = PortKey.tcp(client.hearPort());

        Blockage why = observer().explain(port).orElseThrow();

        assertThat(why.cause()).isEqualTo(Blockage.Cause.OUTGOING_CONNECTION);
        assertThat(why.explanation()).contains("127.0.0.1:" + server.getLocalPort(), "pid " + client.pid());
    }

    @Test
    void aPortLeftInTimeWaitIsExplained() throws Exception {
        needs(Ability.EXPLAINS_BLOCKED_PORTS);
        Neighbour server = python("""
                s = sock()
                c = socket.create_connection(s.getsockname())
                a, _ = s.accept()
                number = port(s)
                # Who closes first waits.
                a.shutdown(socket.SHUT_WR); c.recv(1); c.close(); a.recv(1); a.close(); s.close()
                say(number)
                end()
                """);
        PortKey port = PortKey.tcp(server.hearPort());

        Blockage why = observer().explain(port).orElseThrow();

        assertThat(why.cause()).isEqualTo(Blockage.Cause.TIME_WAIT);
        assertThat(why.explanation()).containsPattern("\\d+ s");
    }

    @Test
    void connectionsThatOutliveTheirListenerAreExplained() throws Exception {
        needs(Ability.EXPLAINS_BLOCKED_PORTS);
        Neighbour server = python("""
                s = sock()
                c = socket.create_connection(s.getsockname())
                a, _ = s.accept()
                number = port(s)
                s.close()
                say(number)
                end()
                """);
        PortKey port = PortKey.tcp(server.hearPort());

        Blockage why = observer().explain(port).orElseThrow();

        assertThat(why.cause()).isEqualTo(Blockage.Cause.LINGERING_CONNECTION);
        assertThat(why.explanation()).contains("pid " + server.pid());
    }

    @Test
    void aPortThatIsBoundWithoutListeningIsExplained() throws Exception {
        needs(Ability.EXPLAINS_BLOCKED_PORTS);
        Neighbour holder = python("s = sock(listen=False); say(port(s)); end()");
        PortKey port = PortKey.tcp(holder.hearPort());
        HostObserver observer = observer();

        Optional<Blockage> why = observer.explain(port);

        assertThat(why.orElseThrow().cause()).isEqualTo(Blockage.Cause.BOUND_NOT_LISTENING);
        assertThat(why.get().explanation()).contains("pid " + holder.pid());
        assertThat(observer.observe().on(port)).as("it does not listen").isEmpty();
    }

    @Test
    void aFreePortIsNotExplained() throws Exception {
        needs(Ability.EXPLAINS_BLOCKED_PORTS);
        assertThat(observer().explain(PortKey.tcp(FreePorts.take()))).isEmpty();
    }

    @Test
    void aFailedLookIsNoEmptyLook() throws Exception {
        HostObserver observer = open();
        ServerSocket server = keep(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        observer.observe();

        observer.close();
        observer.close();

        assertThat(org.assertj.core.api.Assertions.catchThrowable(observer::observe))
                .isInstanceOf(ObservationException.class);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(observer::observeChange))
                .isInstanceOf(ObservationException.class);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> observer.inspect(PortKey.tcp(server.getLocalPort()))))
                .isInstanceOf(ObservationException.class);
    }
}
