package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.ObservationException;
import dev.berth.model.Completeness;
import dev.berth.model.Exit;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.ProcessRef;
import dev.berth.model.Protocol;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceState;
import dev.berth.model.ServiceStatus;
import dev.berth.store.StoredSamples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** When a service is planned by the latest look at the machine, and when by a new one. */
class ServiceLooksTest {
    private static final Duration USUAL = Duration.ofSeconds(2);
    private static final Duration MOMENT = Duration.ofMillis(50);
    private static final int PORT = 8000;
    private static final Optional<ProcessRef> PROCESS = Optional.of(new ProcessRef(100, 1, "boot"));
    private static final Ownership HELD = new Ownership.Held(List.of(PROCESS.get()));
    private static final Ownership SEARCHED = new Ownership.Unseen("its process is being looked for", true);

    private final Seeing observer = new Seeing();
    private Instant now = Instant.parse("2025-01-01T00:00:00Z");
    private final Looks latest = new Looks(observer, () -> now.toEpochMilli() * 1_000_000, changed -> {});
    private final ServiceLooks looks = new ServiceLooks(latest, () -> now, USUAL);

    @Test
    void whileItStartsEachPassLooksUntilItIsSeenOnItsPort() throws Exception {
        Service starting = service(ServiceState.STARTING, PROCESS);

        assertThat(looksBy(starting, MOMENT)).isEqualTo(1);
        observer.sees = List.of(SEARCHED);
        assertThat(looksBy(starting, MOMENT)).isEqualTo(1);
        assertThat(looksBy(starting, MOMENT)).as("whose it is, is searched for").isEqualTo(1);
        observer.sees = List.of(HELD);
        assertThat(looksBy(starting, MOMENT)).isEqualTo(1);

        assertThat(looksBy(starting, MOMENT)).as("it was seen there").isZero();
        observer.sees = List.of(HELD, SEARCHED);
        assertThat(looksBy(starting, USUAL)).isEqualTo(1);
        assertThat(looksBy(starting, MOMENT)).as("one of two sockets").isEqualTo(1);
    }

    @Test
    void whoListensOnAnotherAddressIsNotTakenForIt() throws Exception {
        observer.address = "127.0.0.2";
        observer.sees = List.of(HELD);
        latest.tick();

        assertThat(looksBy(service(ServiceState.STARTING, PROCESS), MOMENT)).isEqualTo(1);
    }

    @Test
    void whileItStartsALookThatLastsIsNotMadeTwice() throws Exception {
        latest.tick();
        latest.outdated();
        observer.lasts = MOMENT;

        assertThat(looksBy(service(ServiceState.STARTING, PROCESS), MOMENT)).isEqualTo(1);
    }

    @Test
    void oneThatRunsIsPlannedByTheLatestLook() throws Exception {
        Service running = service(ServiceState.RUNNING, PROCESS);
        latest.tick();

        assertThat(looksBy(running, MOMENT)).isZero();
        assertThat(looksBy(running, USUAL)).isEqualTo(1);
    }

    @Test
    void ofOneThatEndedTheLookBeganAfterTheEnd() throws Exception {
        for (Duration ended : List.of(Duration.ZERO, Duration.ofMillis(3), Duration.ofSeconds(1))) {
            latest.tick();
            now = now.plusMillis(1);
            Service down = ended(now);

            assertThat(looksBy(down, ended)).as("ended " + ended + " ago").isEqualTo(1);
            assertThat(looksBy(down, Duration.ZERO)).isZero();
        }
        Service longAgo = ended(now.minus(Duration.ofMinutes(1)));
        latest.tick();
        assertThat(looksBy(longAgo, MOMENT)).isZero();
        assertThat(looksBy(service(ServiceState.PENDING, Optional.empty()), MOMENT))
                .isZero();
    }

    @Test
    void whatLiesALittleAheadIsNowAndWhatLiesFarAheadWasLongAgo() throws Exception {
        latest.tick();

        assertThat(looksBy(ended(now.plusSeconds(1)), Duration.ofMillis(1))).isEqualTo(1);
        assertThat(looksBy(ended(now.plus(Duration.ofHours(1))), MOMENT)).isZero();
    }

    @Test
    void whoIsToRunNothingNeedsNoNewLook() throws Exception {
        latest.tick();
        Service stopped = service(ServiceState.STARTING, PROCESS);
        stopped = new Service(
                stopped.metadata(), stopped.spec().toBuilder().running(false).build(), stopped.status());

        assertThat(looksBy(stopped, USUAL.plus(MOMENT))).isZero();
    }

    /** How many looks a pass makes after the time has gone by. */
    private int looksBy(Service service, Duration after) throws ObservationException {
        now = now.plus(after);
        int before = observer.looks;
        looks.of(service);
        return observer.looks - before;
    }

    private static Service service(ServiceState state, Optional<ProcessRef> process) {
        return StoredSamples.service("shop")
                .withStatus(new ServiceStatus(state, OptionalInt.of(PORT), process, 0, 1, List.of(), Optional.empty()));
    }

    private static Service ended(Instant at) {
        Service service = service(ServiceState.PENDING, Optional.empty());
        return service.withStatus(service.status().with(Run.NONE.ended(Exit.unknown(at)), Optional.empty()));
    }

    private final class Seeing extends QuietObserver {
        private int looks;
        private String address = "127.0.0.1";
        private Duration lasts = Duration.ZERO;
        private List<Ownership> sees = List.of();

        @Override
        public HostSnapshot observe() {
            looks++;
            now = now.plus(lasts);
            List<Listener> listeners = sees.stream()
                    .map(each -> new Listener(Protocol.TCP, address, PORT, false, 0, 1, OptionalLong.of(1), each))
                    .toList();
            return new HostSnapshot(listeners, Map.of(), Instant.EPOCH, Completeness.full());
        }

        @Override
        public String name() {
            return "seeing";
        }
    }
}
