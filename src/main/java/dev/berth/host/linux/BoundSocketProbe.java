package dev.berth.host.linux;

import dev.berth.model.PortKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;

/**
 * Does this kernel show sockets that are bound and do not listen? Since about Linux 6.8 it does; older ones pass over the
 * question without a word, so one such socket of our own is made once and looked for. For any thread.
 */
final class BoundSocketProbe {
    private Optional<Boolean> shown = Optional.empty();

    /** Asks the kernel for every socket of a port. */
    @FunctionalInterface
    interface Question {
        List<InetSocket> ask(PortKey port) throws NetlinkException;
    }

    synchronized boolean isShown(Question kernel) throws NetlinkException, IOException {
        if (shown.isEmpty()) {
            try (Socket bound = new Socket()) {
                bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                shown = Optional.of(
                        !kernel.ask(PortKey.tcp(bound.getLocalPort())).isEmpty());
            }
        }
        return shown.get();
    }
}
