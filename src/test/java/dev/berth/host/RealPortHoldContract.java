package dev.berth.host;

import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.testing.Sockets;
import java.util.Optional;

/** The contract on sockets of this machine. */
public abstract class RealPortHoldContract extends PortHoldContract {
    @Override
    protected PortKey freePort(Protocol protocol) {
        return new PortKey(protocol, protocol == Protocol.TCP ? Sockets.freeTcpPort() : Sockets.freeUdpPort());
    }

    @Override
    protected Optional<AutoCloseable> listen(PortKey port, String address) {
        return port.protocol() == Protocol.TCP
                ? Sockets.listen(address, port.port())
                : Sockets.bindUdp(address, port.port());
    }
}
