package dev.berth.host.linux;

import java.io.Closeable;
import java.util.Optional;

/**
 * The files with the kernel's {@link SocketCounts}, kept open: one call reads one of them, some 2 µs. Not safe for use by two
 * threads at once.
 */
final class SocketCountFiles implements Closeable {
    private static final String IPV4 = "/proc/net/sockstat";
    private static final String IPV6 = "/proc/net/sockstat6";

    private final KeptFile ipv4;
    /** Empty where the kernel has no IPv6. */
    private final Optional<KeptFile> ipv6;

    /** The latest texts and what they say: on a quiet machine they are the same for minutes. */
    private Optional<String> latest = Optional.empty();

    private Optional<String> latest6 = Optional.empty();
    private Optional<SocketCounts> parsed = Optional.empty();

    private SocketCountFiles(KeptFile ipv4, Optional<KeptFile> ipv6) {
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    /** @throws CallException where the files can't be opened, as in a sandbox that keeps them away */
    static SocketCountFiles open() throws CallException {
        KeptFile ipv4 = KeptFile.open(IPV4);
        try {
            return new SocketCountFiles(ipv4, Optional.of(KeptFile.open(IPV6)));
        } catch (CallException e) {
            if (e.errno() == Errno.ENOENT) {
                return new SocketCountFiles(ipv4, Optional.empty());
            }
            ipv4.close();
            throw e;
        }
    }

    /** What the kernel counts now; empty when it does not tell, or not as it is known to. */
    Optional<SocketCounts> read() {
        Optional<String> counts = ipv4.text();
        Optional<String> counts6 = ipv6.flatMap(KeptFile::text);
        if (counts.isEmpty() || ipv6.isPresent() && counts6.isEmpty()) {
            return Optional.empty();
        }
        if (!counts.equals(latest) || !counts6.equals(latest6)) {
            parsed = SocketCounts.parse(counts.get(), counts6);
            latest = counts;
            latest6 = counts6;
        }
        return parsed;
    }

    @Override
    public void close() {
        ipv4.close();
        ipv6.ifPresent(KeptFile::close);
    }
}
