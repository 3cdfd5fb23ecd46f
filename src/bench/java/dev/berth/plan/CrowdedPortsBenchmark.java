package dev.berth.plan;

import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.Reservation;
import dev.berth.model.ServiceSpec;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** To find a port among tens of thousands that are taken must not take longer than among a hundred. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
public class CrowdedPortsBenchmark {
    private static final int FIRST_PORT = 2000;
    private static final int LAST_PORT = 65_000;

    /** How many ports are taken, in a row from the first of the range. */
    @Param({"100", "10000", "60000"})
    public int taken;

    private Situation same;
    private ListenerIndex listeners;
    private ClaimIndex claims;
    private ReservationIndex reservations;
    private Reservation some;
    private PortMap map;

    /** Every third is listened on, reserved, or assigned. */
    @Setup(Level.Trial)
    public void crowd() {
        World world = World.wanting(ServiceSpec.builder()
                .portRange(new PortRange(FIRST_PORT, LAST_PORT))
                .build());
        map = new PortMap();
        for (int i = 0; i < taken; i++) {
            int port = FIRST_PORT + i;
            map.add(port);
            switch (i % 3) {
                case 0 -> world.listens(port, World.process(10, World.BOB, "node server.js"));
                case 1 -> world.reserved(port, "someone");
                default -> {
                    ServiceSpec spec = ServiceSpec.builder().port(port).build();
                    world.other(
                            World.seated(World.service("service-" + i, spec, World.ANN, 1), port, Optional.empty()));
                }
            }
        }
        same = world.situation();
        listeners = new ListenerIndex(same.host());
        claims = new ClaimIndex(same.services());
        reservations = new ReservationIndex(same.reservations());
        // The planner keeps these between the passes of one look.
        claims.taken(same.service().spec().protocol());
        some = new Reservation(
                PortKey.tcp(FIRST_PORT),
                "somebody",
                World.ANN,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Reservation.Enforcement.HELD,
                Optional.empty(),
                Optional.empty(),
                World.NOW,
                0);
    }

    /** What the allocator does for one service: the first free port of its range, by every rule. */
    @Benchmark
    public PortAllocator.Choice allocate() {
        return new Pass(same, Policy.defaults(), World.NOW, listeners, claims, reservations, new Patterns())
                .allocator()
                .choose(port -> false);
    }

    /** The same for a reservation, port by port. */
    @Benchmark
    public OptionalInt allocateForReservation() {
        Availability availability = new Availability(
                Policy.defaults(),
                listeners,
                new Newcomer(claims, reservations, some),
                same.blockages(),
                same.evictions());
        return availability.next(some.port().protocol(), FIRST_PORT, LAST_PORT);
    }

    /** A port is found, taken and given back. */
    @Benchmark
    public int takeAndRelease() {
        int port = PortMap.firstFree(FIRST_PORT, LAST_PORT, map).orElseThrow();
        map.add(port);
        map.remove(port);
        return port;
    }
}
