package dev.berth.host.linux;

import dev.berth.model.Blockage;
import dev.berth.model.Blockage.Cause;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Says in words why a port can't be bound although nothing listens on it. Pure: what was seen is handed in.
 *
 * <p>The kernel does not tell which end of a connection went out. This end did when something serves at the other end on
 * this machine, while it is still connecting, or when its port is one that the kernel gives to outgoing connections and the
 * peer's is not (or the peer is another machine).
 */
final class PortExplainer {
    private final Visibility visibility;

    /**
     * @param holders who has it open, as far as could be seen
     * @param peerServes something serves on its remote port on this machine
     */
    record Blocker(InetSocket socket, List<ProcessFacts> holders, boolean peerServes) {}

    PortExplainer(Visibility visibility) {
        this.visibility = visibility;
    }

    /** The hardest of the causes: what only its holder can end first, what passes by itself last. */
    Optional<Blockage> explain(PortKey port, List<Blocker> blockers, Denials denials, KernelRules rules) {
        return serving(port, blockers)
                .or(() -> bound(port, blockers, denials))
                .or(() -> outgoing(port, blockers, denials, rules))
                .or(() -> lingering(port, blockers, denials))
                .or(() -> timeWait(port, blockers))
                .or(() -> nothingSeen(port, rules));
    }

    private static Optional<Blockage> serving(PortKey port, List<Blocker> blockers) {
        return blockers.stream()
                .filter(blocker -> blocker.socket().state()
                        == (port.protocol() == Protocol.TCP ? TcpState.LISTEN : TcpState.CLOSE))
                .findFirst()
                .map(blocker -> new Blockage(
                        port,
                        Cause.UNEXPLAINED,
                        "something serves on " + at(blocker.socket()) + " now: look at the port's listeners again"));
    }

    private Optional<Blockage> bound(PortKey port, List<Blocker> blockers, Denials denials) {
        return blockers.stream()
                .filter(blocker -> blocker.socket().state() == TcpState.CLOSE
                        || blocker.socket().state() == TcpState.BOUND_INACTIVE)
                .findFirst()
                .map(blocker -> new Blockage(
                        port,
                        Cause.BOUND_NOT_LISTENING,
                        at(blocker.socket()) + " is bound, without listening, by " + who(blocker, denials)
                                + ": a hold, or a program that is starting or waiting"));
    }

    private Optional<Blockage> outgoing(PortKey port, List<Blocker> blockers, Denials denials, KernelRules rules) {
        return blockers.stream()
                .filter(blocker -> wentOut(blocker, rules))
                .findFirst()
                .map(blocker -> {
                    InetSocket socket = blocker.socket();
                    String text = socket.state() == TcpState.TIME_WAIT
                            ? "an outgoing connection to " + remote(socket)
                                    + " used it as its local port and has ended; the" + " kernel keeps it for another "
                                    + seconds(socket)
                            : "an outgoing " + (port.protocol() == Protocol.UDP ? "UDP socket" : "connection") + " to "
                                    + remote(socket) + " uses it as its local port (" + socket.state() + "), by "
                                    + who(blocker, denials)
                                    + ". It is free when that ends, for TCP up to 60 s later";
                    return new Blockage(port, Cause.OUTGOING_CONNECTION, text + advice(port, rules));
                });
    }

    private static String advice(PortKey port, KernelRules rules) {
        return rules.ephemeral()
                .filter(range -> range.contains(port.port()))
                .map(range ->
                        ". The kernel hands out " + range + " to outgoing connections (ip_local_port_range): a port"
                                + " outside of it, or one in ip_local_reserved_ports, is spared that")
                .orElse("");
    }

    private static boolean wentOut(Blocker blocker, KernelRules rules) {
        InetSocket socket = blocker.socket();
        if (!socket.hasPeer()) {
            return false;
        }
        if (blocker.peerServes() || socket.state() == TcpState.SYN_SENT || socket.protocol() == Protocol.UDP) {
            return true;
        }
        boolean peerHere = LocalAddresses.isLocal(socket.remoteAddress());
        return rules.isEphemeral(socket.localPort()) && !(peerHere && rules.isEphemeral(socket.remotePort()));
    }

    private Optional<Blockage> lingering(PortKey port, List<Blocker> blockers, Denials denials) {
        List<Blocker> open = blockers.stream()
                .filter(blocker ->
                        blocker.socket().hasPeer() && blocker.socket().state() != TcpState.TIME_WAIT)
                .toList();
        return open.stream().findFirst().map(blocker -> {
            String count = open.size() == 1 ? "a connection" : open.size() + " connections";
            return new Blockage(
                    port,
                    Cause.LINGERING_CONNECTION,
                    count + " that a listener accepted before it closed " + (open.size() == 1 ? "is" : "are")
                            + " still there, such as the one from " + remote(blocker.socket()) + " ("
                            + blocker.socket().state() + "), by " + who(blocker, denials)
                            + ". A program that sets SO_REUSEADDR can bind all the same, if the former one did too");
        });
    }

    private static Optional<Blockage> timeWait(PortKey port, List<Blocker> blockers) {
        List<InetSocket> waiting = blockers.stream()
                .map(Blocker::socket)
                .filter(socket -> socket.state() == TcpState.TIME_WAIT)
                .toList();
        return waiting.stream()
                .max((one, other) -> Long.compare(one.expires(), other.expires()))
                .map(last -> new Blockage(
                        port,
                        Cause.TIME_WAIT,
                        waiting.size() + (waiting.size() == 1 ? " closed connection" : " closed connections")
                                + " of a former listener in TIME_WAIT, for another " + seconds(last)
                                + ". Only a program that does not set SO_REUSEADDR is kept out"));
    }

    private Optional<Blockage> nothingSeen(PortKey port, KernelRules rules) {
        if (port.port() < rules.privilegedBelow() && !rules.mayBindPrivileged()) {
            return Optional.of(new Blockage(
                    port,
                    Cause.PERMISSION,
                    "nothing holds it, but ports below " + rules.privilegedBelow()
                            + " take the right CAP_NET_BIND_SERVICE, which "
                            + visibility.users().apply(visibility.uid()).display() + " does not have here"));
        }
        if (port.protocol() == Protocol.TCP && !rules.showsBound()) {
            return Optional.of(new Blockage(
                    port,
                    Cause.UNEXPLAINED,
                    "no socket of this port is to be seen, but this kernel does not show sockets that are bound without"
                            + " listening (Linux does since 6.8): one of those may hold it"));
        }
        return Optional.empty();
    }

    private String who(Blocker blocker, Denials denials) {
        if (!blocker.holders().isEmpty()) {
            return blocker.holders().stream()
                    .map(facts -> (facts.ref().pid() == ProcessHandle.current().pid()
                                    ? "Berth itself ("
                                    : facts.comm() + " (")
                            + facts.ref() + ", " + facts.user().display() + ")")
                    .collect(Collectors.joining(", "));
        }
        InetSocket socket = blocker.socket();
        if (socket.inode().isEmpty()) {
            return "no process any more: the kernel is closing it";
        }
        return "a process that can't be seen (made by "
                + visibility.users().apply(socket.uid()).display()
                + (denials.isEmpty() ? ")" : "; other users' processes can't be looked into)");
    }

    private static String at(InetSocket socket) {
        return text(socket.localAddress(), socket.localPort());
    }

    private static String remote(InetSocket socket) {
        return text(socket.remoteAddress(), socket.remotePort());
    }

    private static String text(String address, int port) {
        return address.indexOf(':') >= 0 ? "[" + address + "]:" + port : address + ":" + port;
    }

    private static String seconds(InetSocket socket) {
        return Math.max(1, (socket.expires() + 999) / 1000) + " s";
    }
}
