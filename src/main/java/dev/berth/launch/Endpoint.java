package dev.berth.launch;

import dev.berth.model.PortKey;
import dev.berth.model.PortTemplate.Facet;
import dev.berth.model.Protocol;
import dev.berth.model.ServiceSpec;

/**
 * Where a client reaches a service.
 *
 * @param host an address without brackets, or {@code localhost}
 */
public record Endpoint(String host, PortKey port) {
    /** What listens everywhere is reached on loopback, by everybody on this machine. */
    public static Endpoint of(ServiceSpec spec, PortKey assigned) {
        String host = spec.wantedHost();
        return new Endpoint(host.equals("0.0.0.0") || host.equals("::") ? ServiceSpec.DEFAULT_HOST : host, assigned);
    }

    String url() {
        String scheme = port.protocol() == Protocol.UDP ? "udp" : "http";
        return scheme + "://" + address();
    }

    /** {@code host:port}, an IPv6 address in brackets. */
    public String address() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port.port();
    }

    String tell(Facet facet) {
        return switch (facet) {
            case PORT -> Integer.toString(port.port());
            case HOST -> host;
            case URL -> url();
        };
    }
}
