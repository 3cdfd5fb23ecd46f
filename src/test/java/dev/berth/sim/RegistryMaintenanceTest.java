package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.LeaseAnswer;
import dev.berth.control.Reserved;
import dev.berth.model.Caller;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.ReservationRequest;
import dev.berth.testing.Gen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever is done with reservations in whatever order: none is given twice, none is lost, and what is held is what is promised. */
class RegistryMaintenanceTest {
    private static final Caller DEV = Users.caller(Users.DEV);
    private static final int FIRST = 9000;
    private static final int PORTS = 8;

    @Test
    void neverLeaksOrDoubles() {
        Gen.check(150, gen -> {
            try {
                new Run(gen).steps(60);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** What should be, kept beside what is. */
    private static final class Run {
        private final Gen gen;
        private final Scene scene = new Scene();
        /** Who has which port, and until when by the clock of the simulation (never: empty). */
        private final Map<Integer, Lease> leases = new TreeMap<>();

        private record Lease(String holder, Optional<Duration> ttl, OptionalLong until, boolean claimed) {}

        Run(Gen gen) {
            this.gen = gen;
        }

        void steps(int count) throws Exception {
            for (int i = 0; i < count; i++) {
                switch (gen.number(0, 9)) {
                    case 0, 1, 2 -> reserve();
                    case 3 -> reserveSome();
                    case 4 -> renew();
                    case 5 -> release();
                    case 6 -> claim();
                    case 7 -> scene.restart();
                    default -> scene.pass(Duration.ofMillis(gen.number(1, 4000)));
                }
                // An expiry needs its pass; claims are given up after a while, which is not looked at here.
                scene.pass(Duration.ofMillis(1));
                expire();
                compare();
            }
        }

        private void expire() {
            leases.values()
                    .removeIf(
                            lease -> lease.until().isPresent() && lease.until().getAsLong() <= scene.time.monotonic());
        }

        private void compare() {
            List<Reservation> stored = scene.berth.registry.reservations();
            assertThat(stored)
                    .extracting(each -> each.port().port() + " " + each.holder())
                    .containsExactlyElementsOf(leases.entrySet().stream()
                            .map(each -> each.getKey() + " " + each.getValue().holder())
                            .toList());
            List<Integer> held = scene.host.berth.self().sockets.stream()
                    .map(socket -> socket.port)
                    .sorted()
                    .toList();
            assertThat(held)
                    .containsExactlyElementsOf(leases.entrySet().stream()
                            .filter(each -> !each.getValue().claimed())
                            .map(Map.Entry::getKey)
                            .toList());
        }

        private Optional<Duration> ttl() {
            return gen.maybe(60, () -> Duration.ofMillis(gen.number(1000, 20_000)));
        }

        private void add(int port, String holder, Optional<Duration> ttl) {
            leases.put(port, new Lease(holder, ttl, until(ttl), false));
        }

        private OptionalLong until(Optional<Duration> ttl) {
            return ttl.map(time -> OptionalLong.of(scene.time.monotonic() + time.toNanos()))
                    .orElse(OptionalLong.empty());
        }

        private void reserve() throws Exception {
            int port = gen.number(FIRST, FIRST + PORTS - 1);
            String holder = "holder-" + gen.number(1, 3);
            Optional<Duration> ttl = ttl();
            Reserved answer = scene.berth
                    .plane
                    .reservations()
                    .reserve(
                            new ReservationRequest(
                                    holder,
                                    Protocol.TCP,
                                    OptionalInt.of(port),
                                    Optional.empty(),
                                    1,
                                    ttl,
                                    OptionalLong.empty()),
                            DEV,
                            false);
            assertThat(answer instanceof Reserved.Made).isEqualTo(!leases.containsKey(port));
            if (answer instanceof Reserved.Made) {
                add(port, holder, ttl);
            }
        }

        private void reserveSome() throws Exception {
            int count = gen.number(1, 4);
            Optional<Duration> ttl = ttl();
            Reserved answer = scene.berth
                    .plane
                    .reservations()
                    .reserve(
                            new ReservationRequest(
                                    "many",
                                    Protocol.TCP,
                                    OptionalInt.empty(),
                                    Optional.of(new PortRange(FIRST, FIRST + PORTS - 1)),
                                    count,
                                    ttl,
                                    OptionalLong.empty()),
                            DEV,
                            false);
            List<Integer> free = IntStream.range(FIRST, FIRST + PORTS)
                    .filter(port -> !leases.containsKey(port))
                    .boxed()
                    .toList();
            if (answer instanceof Reserved.Made made) {
                List<Integer> given = new ArrayList<>();
                made.reservations().forEach(each -> given.add(each.port().port()));
                assertThat(given).containsExactlyElementsOf(free.subList(0, count));
                given.forEach(port -> add(port, "many", ttl));
            } else {
                assertThat(free).hasSizeLessThan(count);
                assertThat(((Reserved.UsedUp) answer).obstacles()).hasSize(leases.size());
            }
        }

        private Optional<Integer> some() {
            return leases.isEmpty() ? Optional.empty() : Optional.of(gen.oneOf(List.copyOf(leases.keySet())));
        }

        private void renew() throws Exception {
            int port = some().orElse(FIRST);
            Optional<Duration> ttl = ttl();
            LeaseAnswer answer = scene.berth
                    .plane
                    .reservations()
                    .renew(PortKey.tcp(port), Optional.empty(), ttl, OptionalLong.empty(), DEV, false);
            Lease before = leases.get(port);
            assertThat(answer instanceof LeaseAnswer.Done).isEqualTo(before != null);
            if (before != null) {
                Optional<Duration> now = ttl.or(before::ttl);
                leases.put(port, new Lease(before.holder(), now, until(now), before.claimed()));
            }
        }

        private void release() throws Exception {
            int port = some().orElse(FIRST);
            LeaseAnswer answer = scene.berth.plane.reservations().release(PortKey.tcp(port), DEV, false);
            assertThat(answer instanceof LeaseAnswer.Done).isEqualTo(leases.remove(port) != null);
        }

        /** By a process that lives as long as the run, and may claim twice. */
        private void claim() throws Exception {
            int port = some().orElse(FIRST);
            LeaseAnswer answer = scene.berth
                    .plane
                    .reservations()
                    .claim(PortKey.tcp(port), OptionalLong.of(scene.shell.pid()), DEV, false);
            assertThat(answer instanceof LeaseAnswer.Done).isEqualTo(leases.containsKey(port));
            leases.computeIfPresent(port, (any, lease) -> new Lease(lease.holder(), lease.ttl(), lease.until(), true));
        }
    }
}
