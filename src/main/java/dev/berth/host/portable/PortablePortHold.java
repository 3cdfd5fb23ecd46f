package dev.berth.host.portable;

import dev.berth.host.BindTargets;
import dev.berth.host.PortHold;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Holds ports with the JDK's channels: a {@link SocketChannel} binds without listening. The JDK tells one failed bind from another
 * by the system's words only, in the user's language; so the words for "in use" are learned at the start.
 */
public final class PortablePortHold implements PortHold {
    private static final InetAddress ANY_IPV4 = only("0.0.0.0");
    private static final InetAddress ANY_IPV6 = only("::");
    private static final InetAddress LOOPBACK_IPV4 = only("127.0.0.1");
    private static final InetAddress LOOPBACK_IPV6 = only("::1");
    private static final int ANY_PORT = 0;

    private final Optional<String> wordsForInUse;
    private final boolean specificSharesWithWildcard;
    private final boolean enforced;

    /** Learns from binds on free ports how this system answers. */
    public PortablePortHold() {
        wordsForInUse = wordsForInUse();
        specificSharesWithWildcard = specificSharesWithWildcard();
        enforced = keepsOthersOut(Protocol.TCP) && keepsOthersOut(Protocol.UDP);
    }

    @Override
    public Bind tryBind(PortKey port, String host) {
        List<InetAddress> targets = BindTargets.of(host);
        List<Bind> answers = new ArrayList<>();
        for (InetAddress target : targets) {
            answers.add(tryBind(port, target));
            if (specificSharesWithWildcard && !target.isAnyLocalAddress()) {
                // BSD lets a specific address bind beside another's wildcard; clients would get one or the other.
                answers.add(tryBind(port, target instanceof Inet4Address ? ANY_IPV4 : ANY_IPV6));
            }
        }
        return answers.stream()
                .filter(answer -> answer == Bind.IN_USE || answer == Bind.DENIED)
                .findFirst()
                .orElse(answers.contains(Bind.FREE) ? Bind.FREE : Bind.NO_SUCH_ADDRESS);
    }

    private Bind tryBind(PortKey port, InetAddress address) {
        try (NetworkChannel bound = bound(port.protocol(), address, port.port())) {
            return Bind.FREE;
        } catch (UnsupportedOperationException e) {
            // The machine has no IPv6.
            return Bind.NO_SUCH_ADDRESS;
        } catch (BindException e) {
            if (wordsForInUse.filter(words -> words.equals(e.getMessage())).isPresent()) {
                return Bind.IN_USE;
            }
            return isHere(address) ? Bind.DENIED : Bind.NO_SUCH_ADDRESS;
        } catch (IOException e) {
            if (e instanceof SocketException && !isHere(address)) {
                return Bind.NO_SUCH_ADDRESS;
            }
            throw new UncheckedIOException("could not try port " + port + "; this says nothing about the port", e);
        }
    }

    @Override
    public Optional<Held> hold(PortKey port) {
        try {
            return Optional.of(new Hold(port, boundEverywhere(port.protocol(), port.port())));
        } catch (BindException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("could not hold port " + port + "; this says nothing about the port", e);
        }
    }

    @Override
    public boolean enforced() {
        return enforced;
    }

    private static boolean isHere(InetAddress address) {
        try {
            return address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    private static NetworkChannel boundEverywhere(Protocol protocol, int port) throws IOException {
        try {
            return bound(protocol, ANY_IPV6, port);
        } catch (UnsupportedOperationException e) {
            return bound(protocol, ANY_IPV4, port);
        }
    }

    /** As the Linux hold: TCP passes over TIME_WAIT and then takes the permission back; UDP never shares. */
    private static NetworkChannel bound(Protocol protocol, InetAddress address, int port) throws IOException {
        boolean tcp = protocol == Protocol.TCP;
        NetworkChannel channel = tcp ? SocketChannel.open(family(address)) : DatagramChannel.open(family(address));
        try {
            if (tcp) {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            channel.bind(new InetSocketAddress(address, port));
            if (tcp) {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, false);
            }
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static ProtocolFamily family(InetAddress address) {
        return address instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    private static Optional<String> wordsForInUse() {
        try (ServerSocketChannel first = ServerSocketChannel.open(StandardProtocolFamily.INET);
                ServerSocketChannel second = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            first.bind(new InetSocketAddress(LOOPBACK_IPV4, ANY_PORT));
            try {
                second.setOption(StandardSocketOptions.SO_REUSEADDR, false).bind(first.getLocalAddress());
                return Optional.empty();
            } catch (BindException e) {
                return Optional.ofNullable(e.getMessage());
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean specificSharesWithWildcard() {
        try (ServerSocketChannel wildcard = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            wildcard.setOption(StandardSocketOptions.SO_REUSEADDR, true)
                    .bind(new InetSocketAddress(ANY_IPV4, ANY_PORT));
            return !isRefused(Protocol.TCP, LOOPBACK_IPV4, port(wildcard));
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean keepsOthersOut(Protocol protocol) {
        try (NetworkChannel held = boundEverywhere(protocol, ANY_PORT)) {
            int port = port(held);
            return isRefused(protocol, LOOPBACK_IPV4, port)
                    && isRefused(protocol, ANY_IPV4, port)
                    && isRefused(protocol, LOOPBACK_IPV6, port)
                    && isRefused(protocol, ANY_IPV6, port);
        } catch (IOException e) {
            return false;
        }
    }

    /** Challenges as servers do: with SO_REUSEADDR, and by listening. Without IPv6 nobody can challenge there. */
    private static boolean isRefused(Protocol protocol, InetAddress address, int port) {
        try (NetworkChannel challenger = protocol == Protocol.TCP
                ? ServerSocketChannel.open(family(address))
                : DatagramChannel.open(family(address))) {
            challenger.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            challenger.bind(new InetSocketAddress(address, port));
            return false;
        } catch (IOException | UnsupportedOperationException e) {
            return true;
        }
    }

    private static int port(NetworkChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    private static InetAddress only(String host) {
        return BindTargets.of(host).get(0);
    }

    private record Hold(PortKey port, NetworkChannel channel) implements Held {
        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("port " + port + " may still be held", e);
            }
        }
    }
}
