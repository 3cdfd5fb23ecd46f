package dev.berth.host.portable;

import dev.berth.host.CallerLookup;
import dev.berth.model.User;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import oshi.SystemInfo;
import oshi.software.os.InternetProtocolStats.IPConnection;
import oshi.software.os.InternetProtocolStats.TcpState;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/**
 * Finds the caller among the machine's connections: the established one from the client's address to ours, and the user of
 * the one process that has it. Costs a look at every connection, once per connection that is made to Berth. Weaker than the
 * kernel's own answer: what the system doesn't tie to a process has no caller, and is a stranger.
 */
public final class OshiCallerLookup implements CallerLookup {
    private final OperatingSystem system = new SystemInfo().getOperatingSystem();

    @Override
    public Optional<User> callerOf(InetSocketAddress client, InetSocketAddress server) {
        List<IPConnection> found = system.getInternetProtocolStats().getConnections().stream()
                .filter(connection -> connection.getType().startsWith("tcp")
                        && connection.getState() == TcpState.ESTABLISHED
                        && connection.getLocalPort() == client.getPort()
                        && connection.getForeignPort() == server.getPort()
                        && is(client.getAddress(), connection.getLocalAddress())
                        && is(server.getAddress(), connection.getForeignAddress()))
                .toList();
        if (found.size() != 1) {
            return Optional.empty();
        }
        return Optional.ofNullable(system.getProcess(found.get(0).getowningProcessId()))
                .flatMap(OshiCallerLookup::user);
    }

    private static Optional<User> user(OSProcess process) {
        try {
            return Optional.of(User.of(Long.parseLong(process.getUserID()), process.getUser()));
        } catch (NumberFormatException unknown) {
            // OSHI's word for a user that it could not read.
            return Optional.empty();
        }
    }

    /** IPv4 within IPv6 is the same address; the JDK unwraps it. */
    private static boolean is(InetAddress address, byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes).equals(address);
        } catch (UnknownHostException wrongLength) {
            return false;
        }
    }
}
