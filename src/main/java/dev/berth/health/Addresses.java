package dev.berth.health;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Where a declared host is. */
final class Addresses {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    /** Both families: servers that are told "localhost" take one of them, and not always the same. */
    private static final List<InetAddress> LOOPBACK = List.of(
            numeric(new byte[] {127, 0, 0, 1}), numeric(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));

    private Addresses() {}

    /** The addresses in the order in which they are to be tried; never empty. */
    static List<InetAddress> of(String host, Deadline deadline) throws IOException {
        String name = host.toLowerCase(Locale.ROOT);
        if (isLocalName(name)) {
            // Loopback by RFC 6761, whatever a name server says; and no file is read for it every few seconds.
            return LOOPBACK;
        }
        if (isNumeric(name)) {
            InetAddress address = InetAddress.getByName(host);
            // What a server binds, not where it can be reached.
            return address.isAnyLocalAddress() ? LOOPBACK : List.of(address);
        }
        return lookedUp(host, deadline);
    }

    /** @param name in small letters */
    static boolean isLocalName(String name) {
        return name.equals("localhost") || name.endsWith(".localhost");
    }

    /** An address, of which nobody has to be asked. */
    static boolean isNumeric(String host) {
        return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
    }

    /** A name server may take longer than the check has, and a lookup can't be ended: it goes on without us. */
    private static List<InetAddress> lookedUp(String host, Deadline deadline) throws IOException {
        FutureTask<List<InetAddress>> lookup = new FutureTask<>(() -> List.of(InetAddress.getAllByName(host)));
        Thread thread = new Thread(lookup, "berth-lookup");
        thread.setDaemon(true);
        thread.start();
        try {
            return lookup.get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new SocketTimeoutException("looking up " + host + " takes too long");
        } catch (ExecutionException e) {
            throw unknown(host, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while looking up " + host);
        }
    }

    private static UnknownHostException unknown(String host, ExecutionException cause) {
        UnknownHostException unknown = new UnknownHostException("there is no host \"" + host + "\"");
        unknown.initCause(cause.getCause());
        return unknown;
    }

    private static InetAddress numeric(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has four or sixteen bytes", e);
        }
    }
}
