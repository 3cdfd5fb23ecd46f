package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.berth.host.ObservationException;
import dev.berth.model.Completeness;
import dev.berth.model.HolderKind;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Origin;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Protocol;
import dev.berth.model.User;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a tick that is spared leaves as it was, and who shares which look. */
@Timeout(60)
class LooksTest {
    private static final PortKey UDP = new PortKey(Protocol.UDP, 5353);
    private static final Duration AGE = Duration.ofSeconds(2);

    private final Sparing observer = new Sparing();
    private final List<PortKey> udpHolds = new ArrayList<>();
    private final HoldFilter filter = new HoldFilter(observer, () -> udpHolds);
    private volatile long now;
    private final Looks looks = new Looks(filter, () -> now, changed -> {});

    @Test
    void aTickThatIsSparedMakesTheLatestLookNoYounger() throws Exception {
        looks.tick();
        now = AGE.toNanos();
        assertThat(looks.tickIfChanged()).isFalse();
        looks.current(AGE);
        assertThat(observer.looks).isEqualTo(1);

        now++;
        looks.current(AGE);

        assertThat(observer.looks).isEqualTo(2);
    }

    @Test
    void whoWaitedForALookTakesItHoweverLongThatTook() throws Exception {
        Thread[] other = new Thread[1];
        observer.meanwhile = () -> {
            observer.meanwhile = () -> {};
            other[0] = current();
            await().until(() -> other[0].getState() == Thread.State.WAITING);
            now += 2 * AGE.toNanos();
        };

        looks.tick();
        other[0].join();

        assertThat(observer.looks).isEqualTo(1);
        looks.current(AGE);
        assertThat(observer.looks).as("for who asks only now it is too old").isEqualTo(2);
    }

    @Test
    void aLookThatBeganBeforeSomethingHappenedIsNotEnough() throws Exception {
        looks.tick();
        now = 2 * AGE.toNanos();
        Thread[] other = new Thread[1];
        observer.meanwhile = () -> {
            observer.meanwhile = () -> {};
            now++;
            looks.outdated();
            other[0] = current();
            await().until(() -> other[0].getState() == Thread.State.WAITING);
        };

        looks.tick();
        other[0].join();

        assertThat(observer.looks).isEqualTo(3);
    }

    @Test
    void whoWaitedForALookThatFailsMakesAnother() throws Exception {
        Thread[] other = new Thread[1];
        observer.meanwhile = () -> {
            observer.meanwhile = () -> {};
            other[0] = current();
            await().until(() -> other[0].getState() == Thread.State.WAITING);
            throw new IllegalStateException("a defect");
        };

        assertThatThrownBy(looks::tick).hasMessage("a defect");
        other[0].join();

        assertThat(observer.looks).isEqualTo(2);
        assertThat(looks.latest()).isPresent();
    }

    private Thread current() {
        Thread thread = new Thread(() -> {
            try {
                looks.current(AGE);
            } catch (ObservationException e) {
                throw new AssertionError(e);
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void whatIsOutdatedStaysSoThroughATickThatIsSpared() throws Exception {
        looks.tick();
        looks.outdated();
        now++;
        assertThat(looks.tickIfChanged()).isFalse();

        looks.current(AGE);

        assertThat(observer.looks).isEqualTo(2);
    }

    @Test
    void whoeverAsksForALookGetsOneHoweverCertainTheObserverIs() throws Exception {
        looks.tick();

        looks.tick();
        looks.now(UDP);

        assertThat(observer.looks).isEqualTo(3);
    }

    @Test
    void forWhomNoSocketMattersALookIsMadeOnlyWhereThereIsNone() throws Exception {
        looks.any();
        assertThat(observer.looks).isEqualTo(1);
        looks.outdated();
        now = 2 * AGE.toNanos();

        looks.any();

        assertThat(observer.looks).isEqualTo(1);
    }

    @Test
    void aHoldThatCameOrWentIsNoticedThoughNoSocketDid() throws Exception {
        assertThat(looks.tick().on(UDP)).hasSize(1);

        udpHolds.add(UDP);
        assertThat(looks.tickIfChanged()).isTrue();
        assertThat(looks.latest().orElseThrow().on(UDP)).isEmpty();
        assertThat(looks.tickIfChanged()).isFalse();

        udpHolds.clear();
        assertThat(looks.tickIfChanged()).isTrue();
        assertThat(looks.latest().orElseThrow().on(UDP)).hasSize(1);
    }

    /** Ticks find a worker that was just forked within seconds; who asks about its port is told of it now. */
    @Test
    void thePortOfAProcessThatHasJustStartedIsLookedAtThoroughly() throws Exception {
        Forking forking = new Forking();
        Looks around = new Looks(forking, () -> now, changed -> {});

        assertThat(around.now(UDP).on(UDP)).allMatch(socket -> holders(socket) == 2);
        forking.age = Duration.ofSeconds(5);
        assertThat(around.now(UDP).on(UDP)).allMatch(socket -> holders(socket) == 1);
    }

    private static int holders(Listener socket) {
        return ((Ownership.Held) socket.ownership()).holders().size();
    }

    /** Sees a process on the port, and the worker that it forked where it looks thoroughly. */
    private static final class Forking extends QuietObserver {
        private static final ProcessRef MASTER = new ProcessRef(100, 1, "boot");
        private static final ProcessRef WORKER = new ProcessRef(101, 2, "boot");
        private Duration age = Duration.ofMillis(100);

        @Override
        public HostSnapshot observe() {
            return seen(List.of(MASTER));
        }

        @Override
        public HostSnapshot inspect(PortKey port) {
            return seen(List.of(MASTER, WORKER));
        }

        private HostSnapshot seen(List<ProcessRef> holders) {
            Instant takenAt = Instant.EPOCH.plusSeconds(100);
            ProcessFacts master = new ProcessFacts(
                    MASTER,
                    User.of(1000, "dev"),
                    "server",
                    List.of("server"),
                    Optional.empty(),
                    Optional.empty(),
                    takenAt.minus(age),
                    100,
                    100,
                    List.of(),
                    false,
                    Optional.empty(),
                    Origin.of(HolderKind.FOREIGN));
            Listener socket = new Listener(
                    Protocol.UDP,
                    "127.0.0.1",
                    UDP.port(),
                    false,
                    1000,
                    1,
                    OptionalLong.of(1),
                    new Ownership.Held(holders));
            return new HostSnapshot(List.of(socket), Map.of(MASTER, master), takenAt, Completeness.full());
        }

        @Override
        public String name() {
            return "forking";
        }
    }

    /** Sees one UDP socket, and is certain that nothing ever changes. */
    private static final class Sparing extends QuietObserver {
        private int looks;
        private Runnable meanwhile = () -> {};

        @Override
        public HostSnapshot observe() {
            looks++;
            meanwhile.run();
            Listener socket = new Listener(
                    Protocol.UDP,
                    "127.0.0.1",
                    UDP.port(),
                    false,
                    0,
                    1,
                    OptionalLong.of(1),
                    new Ownership.Unseen("", false));
            return new HostSnapshot(List.of(socket), Map.of(), Instant.EPOCH, Completeness.full());
        }

        @Override
        public Optional<HostSnapshot> observeChange() {
            return Optional.empty();
        }

        @Override
        public String name() {
            return "sparing";
        }
    }
}
