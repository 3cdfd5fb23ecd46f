package dev.berth.api;

import dev.berth.model.Fault;
import dev.berth.model.PortKey;
import dev.berth.model.Ports;
import dev.berth.model.Protocol;
import java.util.List;

/** A port as it stands in an address, with its protocol among the parameters. */
final class PortAddress {
    private PortAddress() {}

    static PortKey of(String port, Query query) {
        Protocol protocol = query.protocol().orElse(Protocol.TCP);
        if (!port.matches("[0-9]{1,5}") || !Ports.isValid(Integer.parseInt(port))) {
            throw Problems.invalid(
                    "the address",
                    List.of(new Fault("port", "a port is a whole number from 1 to 65535", Wire.quote(port))));
        }
        return new PortKey(protocol, Integer.parseInt(port));
    }
}
