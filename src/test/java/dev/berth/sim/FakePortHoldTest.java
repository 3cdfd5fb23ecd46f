package dev.berth.sim;

import dev.berth.host.PortHold;
import dev.berth.host.PortHoldContract;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import java.util.Optional;

/** The simulated seam keeps the promises of the real one. */
class FakePortHoldTest extends PortHoldContract {
    private final Machine machine = new Machine(new VirtualTime(), new Chance(1));
    private final BerthProcess berth = BerthProcess.start(machine, machine.init, Users.DEV);
    private int nextPort = 20_000;

    @Override
    protected PortHold create() {
        return new FakeHost(machine, berth, Faults.none()).hold;
    }

    @Override
    protected PortKey freePort(Protocol protocol) {
        return new PortKey(protocol, nextPort++);
    }

    @Override
    protected Optional<AutoCloseable> listen(PortKey port, String address) {
        SimProcess server = machine.start(Program.named("server"), Users.DEV, machine.init);
        boolean v6only = address.equals("::1");
        return machine.network
                .open(server, new Program.Endpoint(port.protocol(), address, port.port(), v6only, false), true)
                .map(socket -> () -> machine.exit(server));
    }
}
