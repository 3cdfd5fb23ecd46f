package dev.berth.sim;

import dev.berth.host.PortHold;
import dev.berth.model.PortKey;
import java.util.Optional;

/** Binds on the simulated machine. */
final class FakePortHold implements PortHold {
    private final Machine machine;
    private final BerthProcess berth;
    private final Seam seam;

    FakePortHold(Machine machine, BerthProcess berth, Seam seam) {
        this.machine = machine;
        this.berth = berth;
        this.seam = seam;
    }

    @Override
    public Bind tryBind(PortKey port, String host) {
        return seam.reading(() -> {
            Bind before = attempt(port, host);
            if (before == Bind.FREE && seam.strikes(SimFault.PORT_STOLEN_BEFORE_BIND)) {
                machine.start(
                        Program.named("thief", "/usr/bin/thief").listening(endpoint(port, host)),
                        seam.chance().pick(Users.DEV, Users.EVE),
                        machine.init);
            }
            return seam.strikes(SimFault.BIND_DENIED) ? Bind.DENIED : attempt(port, host);
        });
    }

    private Bind attempt(PortKey port, String host) {
        return machine.network.attempt(endpoint(port, host), berth.self().uid, true);
    }

    private static Program.Endpoint endpoint(PortKey port, String host) {
        return new Program.Endpoint(port.protocol(), Addresses.numeric(host), port.port(), false, false);
    }

    @Override
    public Optional<Held> hold(PortKey port) {
        return seam.reading(() -> machine.network
                .open(berth.self(), endpoint(port, "::"), false)
                .map(socket -> new Held() {
                    @Override
                    public PortKey port() {
                        return port;
                    }

                    @Override
                    public void close() {
                        if (!socket.destroyed) {
                            machine.network.close(socket, berth.self());
                        }
                    }
                }));
    }

    @Override
    public boolean enforced() {
        return true;
    }
}
