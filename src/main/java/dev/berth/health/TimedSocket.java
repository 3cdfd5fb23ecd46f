package dev.berth.health;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection all of whose steps end with one deadline: a peer that sends a byte now and then can't stretch it. Whatever
 * lies over it (TLS) obeys too, because it reads from here. What is written has to fit in the kernel's buffer, as a request
 * does.
 */
final class TimedSocket extends Socket {
    private Deadline deadline;

    private TimedSocket(Deadline deadline) {
        super(Proxy.NO_PROXY);
        this.deadline = deadline;
    }

    /** Connects to the first of the host's addresses that answers; when none does, the first one's failure is told. */
    static TimedSocket connect(String host, int port, Deadline deadline) throws IOException {
        List<IOException> failures = new ArrayList<>();
        for (InetAddress address : Addresses.of(host, deadline)) {
            TimedSocket socket = new TimedSocket(deadline);
            try {
                socket.connect(new InetSocketAddress(address, port), deadline.millisLeft());
                socket.requireOtherEnd();
                return socket;
            } catch (IOException e) {
                socket.close();
                failures.add(e);
            }
        }
        throw failures.get(0);
    }

    /**
     * Where nobody listens on a port from which the kernel takes those of outgoing connections, it may give us just that
     * one, and we are connected to ourselves.
     */
    private void requireOtherEnd() throws IOException {
        if (getLocalPort() == getPort() && getLocalAddress().equals(getInetAddress())) {
            resetOnClose();
            throw new ConnectException("Connection refused");
        }
    }

    /** The close will leave nothing waiting in the kernel: no port stays taken for a minute (TIME_WAIT) on either side. */
    void resetOnClose() throws IOException {
        setSoLinger(true, 0);
    }

    /** From now on reads end with this one. */
    void obey(Deadline other) {
        deadline = other;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                setSoTimeout(deadline.millisLeft());
                return super.read();
            }

            @Override
            public int read(byte[] bytes, int from, int most) throws IOException {
                setSoTimeout(deadline.millisLeft());
                return super.read(bytes, from, most);
            }
        };
    }
}
