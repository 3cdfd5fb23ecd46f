package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.PortHold.Bind;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.plan.Addresses;
import dev.berth.testing.FreePorts;
import dev.berth.testing.Gen;
import dev.berth.testing.Sockets;
import dev.berth.testing.Tools;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the planner takes for a collision of two interfaces is what the kernel refuses to bind, and nothing else. */
class InterfaceBindingTest {
    private static final String[] HOSTS = {"127.0.0.1", "127.0.0.2", "0.0.0.0", "::", "::1"};

    @BeforeAll
    static void linux() {
        Tools.requireLinux();
    }

    @Test
    void theKernelAgreesAboutWhoIsInTheWay() {
        LinuxPortHold hold = new LinuxPortHold();
        Gen.check(60, gen -> {
            PortKey port = PortKey.tcp(FreePorts.take());
            String taken = gen.oneOf(HOSTS);
            String wanted = gen.oneOf(HOSTS);
            Listener listener = new Listener(
                    Protocol.TCP,
                    taken,
                    port.port(),
                    taken.equals("::"),
                    1000,
                    1,
                    OptionalLong.of(7),
                    new Ownership.Unseen("not looked", false));
            try (AutoCloseable socket = Sockets.listen(taken, port.port()).orElseThrow()) {
                assertThat(socket).isNotNull();
                assertThat(hold.tryBind(port, wanted) == Bind.IN_USE)
                        .as("%s is taken, %s is wanted", taken, wanted)
                        .isEqualTo(Addresses.collides(wanted, listener));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            assertThat(hold.tryBind(port, wanted)).isEqualTo(Bind.FREE);
        });
    }
}
