package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.HostObserver;
import dev.berth.host.HostObserverContract;
import dev.berth.host.Neighbour;
import dev.berth.model.HostSnapshot;
import dev.berth.model.PortKey;
import dev.berth.testing.Tools;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
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
                new ProcfsProcessReader(), InstantSource.system(), () -> System.nanoTime() + passed.get());
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
}
