package dev.berth.host.linux;

import dev.berth.host.BindTargets;
import dev.berth.host.PortHold;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/**
 * Holds ports by binding without listening. TCP is bound with SO_REUSEADDR, which passes over connections that linger in
 * TIME_WAIT as a server's own bind would, and the option is cleared right after: a holder that keeps it is simply taken over. UDP has
 * no TIME_WAIT, and there the option would share the port with whoever set it too, so it is never set.
 *
 * <p>Between fork and exec a child has copies of all sockets of this program, and a port that was let go of stays taken until
 * the last copy is closed. So nothing is tried or let go of while {@linkplain OwnChildren a child is being started}.
 */
public final class LinuxPortHold implements PortHold {
    private static final InetAddress ANY_IPV4 = only("0.0.0.0");
    private static final InetAddress ANY_IPV6 = only("::");
    private static final InetAddress LOOPBACK_IPV4 = only("127.0.0.1");
    private static final InetAddress LOOPBACK_IPV6 = only("::1");

    private static final int ANY_PORT = 0;

    private final boolean enforced;

    /** Tests on two free ports whether holds are enforced here. */
    public LinuxPortHold() {
        enforced = keepsOthersOut(Protocol.TCP) && keepsOthersOut(Protocol.UDP);
    }

    @Override
    public Bind tryBind(PortKey port, String host) {
        List<InetAddress> targets = BindTargets.of(host);
        if (targets.isEmpty()) {
            return Bind.NO_SUCH_ADDRESS;
        }
        // For localhost both must be free, where there are both.
        List<Bind> answers =
                targets.stream().map(address -> tryBind(port, address)).toList();
        return answers.stream()
                .filter(answer -> answer == Bind.IN_USE || answer == Bind.DENIED)
                .findFirst()
                .orElse(answers.contains(Bind.FREE) ? Bind.FREE : Bind.NO_SUCH_ADDRESS);
    }

    private static Bind tryBind(PortKey port, InetAddress address) {
        Lock nobodyStarts = OwnChildren.complete();
        nobodyStarts.lock();
        try (RawSocket tried = asServersAre(port.protocol(), address, port.port())) {
            return Bind.FREE;
        } catch (CallException e) {
            return switch (e.errno()) {
                case Errno.EADDRINUSE -> Bind.IN_USE;
                case Errno.EACCES, Errno.EPERM -> Bind.DENIED;
                case Errno.EADDRNOTAVAIL, Errno.EAFNOSUPPORT, Errno.EINVAL, Errno.ENODEV -> Bind.NO_SUCH_ADDRESS;
                default -> throw cannot("try", port, e);
            };
        } finally {
            nobodyStarts.unlock();
        }
    }

    @Override
    public Optional<Held> hold(PortKey port) {
        try {
            return Optional.of(new Hold(port, boundEverywhere(port.protocol(), port.port())));
        } catch (CallException e) {
            return switch (e.errno()) {
                case Errno.EADDRINUSE, Errno.EACCES, Errno.EPERM -> Optional.empty();
                default -> throw cannot("hold", port, e);
            };
        }
    }

    @Override
    public boolean enforced() {
        return enforced;
    }

    private static UncheckedIOException cannot(String what, PortKey port, CallException e) {
        return new UncheckedIOException(
                "could not " + what + " port " + port + "; this says nothing about the port", e);
    }

    /** Every address of both families, or of IPv4 where IPv6 is off. */
    private static RawSocket boundEverywhere(Protocol protocol, int port) throws CallException {
        try {
            return bound(protocol, ANY_IPV6, port);
        } catch (CallException e) {
            if (e.errno() == Errno.EAFNOSUPPORT || e.errno() == Errno.EADDRNOTAVAIL) {
                return bound(protocol, ANY_IPV4, port);
            }
            throw e;
        }
    }

    private static RawSocket bound(Protocol protocol, InetAddress address, int port) throws CallException {
        RawSocket socket = asServersAre(protocol, address, port);
        try {
            if (protocol == Protocol.TCP) {
                socket.reuseAddress(false);
            }
            return socket;
        } catch (CallException e) {
            socket.close();
            throw e;
        }
    }

    /** Others may take it over. */
    private static RawSocket asServersAre(Protocol protocol, InetAddress address, int port) throws CallException {
        RawSocket socket = RawSocket.open(protocol, address instanceof Inet6Address);
        try {
            if (protocol == Protocol.TCP) {
                socket.reuseAddress(true);
            }
            socket.bind(address, port);
            return socket;
        } catch (CallException e) {
            socket.close();
            throw e;
        }
    }

    /** Some kernels of other makers (gVisor, old WSL) let a challenger in. */
    private static boolean keepsOthersOut(Protocol protocol) {
        try (RawSocket held = boundEverywhere(protocol, ANY_PORT)) {
            int port = held.localPort();
            return isRefused(protocol, LOOPBACK_IPV4, port)
                    && isRefused(protocol, ANY_IPV4, port)
                    && isRefused(protocol, LOOPBACK_IPV6, port)
                    && isRefused(protocol, ANY_IPV6, port);
        } catch (CallException e) {
            return false;
        }
    }

    /** Challenges with everything that a program can set. Without IPv6 nobody can challenge there. */
    private static boolean isRefused(Protocol protocol, InetAddress address, int port) {
        try (RawSocket challenger = RawSocket.open(protocol, address instanceof Inet6Address)) {
            challenger.reuseAddress(true);
            challenger.reusePort();
            challenger.bind(address, port);
            if (protocol == Protocol.TCP) {
                challenger.listen();
            }
            return false;
        } catch (CallException e) {
            return true;
        }
    }

    private static InetAddress only(String host) {
        return BindTargets.of(host).get(0);
    }

    private record Hold(PortKey port, RawSocket socket) implements Held {
        @Override
        public void close() {
            Lock nobodyStarts = OwnChildren.complete();
            nobodyStarts.lock();
            try {
                socket.close();
            } finally {
                nobodyStarts.unlock();
            }
        }
    }
}
