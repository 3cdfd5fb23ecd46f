package dev.berth.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.host.PortHold.Bind;
import dev.berth.host.PortHold.Held;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link PortHold} promises. */
public abstract class PortHoldContract {
    private PortHold hold;

    protected abstract PortHold create() throws Exception;

    /** A port that nobody has now, on any address. */
    protected abstract PortKey freePort(Protocol protocol);

    /**
     * A program of somebody else listens (TCP) or is bound (UDP) on the address, with the options that servers set.
     *
     * @return empty when the bind was refused
     */
    protected abstract Optional<AutoCloseable> listen(PortKey port, String address);

    @BeforeEach
    void createHold() throws Exception {
        hold = create();
    }

    protected final PortHold hold() {
        return hold;
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aFreePortIsFreeOnEveryAddressAndStaysSo(Protocol protocol) {
        PortKey port = freePort(protocol);

        for (String host : new String[] {"127.0.0.1", "0.0.0.0", "::1", "::", "localhost", "127.0.0.1"}) {
            assertThat(hold.tryBind(port, host)).as(host).isEqualTo(Bind.FREE);
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void anothersListenerTakesItsAddressAndTheWildcards(Protocol protocol) throws Exception {
        PortKey port = freePort(protocol);

        try (AutoCloseable listener = listen(port, "127.0.0.1").orElseThrow()) {
            assertThat(listener).isNotNull();
            assertThat(hold.tryBind(port, "127.0.0.1")).isEqualTo(Bind.IN_USE);
            assertThat(hold.tryBind(port, "localhost")).isEqualTo(Bind.IN_USE);
            assertThat(hold.tryBind(port, "0.0.0.0")).isEqualTo(Bind.IN_USE);
            assertThat(hold.tryBind(port, "::")).isEqualTo(Bind.IN_USE);
            assertThat(hold.tryBind(port, "::1")).isEqualTo(Bind.FREE);
            assertThat(hold.hold(port)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void anothersWildcardTakesEveryAddressOfItsFamily(Protocol protocol) throws Exception {
        PortKey port = freePort(protocol);

        try (AutoCloseable listener = listen(port, "0.0.0.0").orElseThrow()) {
            assertThat(listener).isNotNull();
            assertThat(hold.tryBind(port, "127.0.0.1")).isEqualTo(Bind.IN_USE);
            assertThat(hold.tryBind(port, "0.0.0.0")).isEqualTo(Bind.IN_USE);
        }
    }

    @Test
    void protocolsDoNotMeet() throws Exception {
        PortKey tcp = freePort(Protocol.TCP);

        try (AutoCloseable listener = listen(tcp, "127.0.0.1").orElseThrow()) {
            assertThat(listener).isNotNull();
            assertThat(hold.tryBind(new PortKey(Protocol.UDP, tcp.port()), "127.0.0.1"))
                    .isEqualTo(Bind.FREE);
        }
    }

    @Test
    void anAddressThatIsNotHereIsToldApart() {
        // 192.0.2.0/24 is for documentation (RFC 5737).
        assertThat(hold.tryBind(freePort(Protocol.TCP), "192.0.2.1")).isEqualTo(Bind.NO_SUCH_ADDRESS);
        assertThat(hold.tryBind(freePort(Protocol.TCP), "no-number")).isEqualTo(Bind.NO_SUCH_ADDRESS);
        assertThat(hold.tryBind(freePort(Protocol.TCP), "300.0.0.1")).isEqualTo(Bind.NO_SUCH_ADDRESS);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aHeldPortIsRefusedToEveryChallengerUntilItIsLetGo(Protocol protocol) throws Exception {
        assumeTrue(hold.enforced(), "this machine does not enforce holds");
        PortKey port = freePort(protocol);

        Held held = hold.hold(port).orElseThrow();
        assertThat(held.port()).isEqualTo(port);
        for (String address : new String[] {"127.0.0.1", "0.0.0.0", "::1", "::"}) {
            assertThat(listen(port, address)).as(address).isEmpty();
            assertThat(hold.tryBind(port, address)).as(address).isEqualTo(Bind.IN_USE);
        }
        assertThat(hold.hold(port)).isEmpty();

        held.close();
        held.close();
        assertThat(hold.tryBind(port, "127.0.0.1")).isEqualTo(Bind.FREE);
        try (AutoCloseable listener = listen(port, "127.0.0.1").orElseThrow()) {
            assertThat(listener).isNotNull();
        }
    }
}
