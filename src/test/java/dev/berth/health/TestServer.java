package dev.berth.health;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server on loopback that does to each connection what a test wants. */
final class TestServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Behaviour behaviour;
    private final Thread acceptor;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();

    /** What happens to a connection, which is closed afterwards. */
    interface Behaviour {
        void serve(Socket connection, TestServer server) throws Exception;
    }

    private TestServer(ServerSocket listener, Behaviour behaviour) {
        this.listener = listener;
        this.behaviour = behaviour;
        this.acceptor = new Thread(this::accept, "test-server");
        acceptor.setDaemon(true);
    }

    static TestServer start(Behaviour behaviour) {
        try {
            ServerSocket listener = new ServerSocket();
            // As strict as a server can be about a port that is not quite free.
            listener.setReuseAddress(false);
            listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            return start(listener, behaviour);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TestServer start(ServerSocket listener, Behaviour behaviour) {
        TestServer server = new TestServer(listener, behaviour);
        server.acceptor.start();
        return server;
    }

    /** Answers every request with this text and closes. */
    static TestServer answering(String text) {
        return start((connection, server) -> {
            server.readRequest(connection);
            connection.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        });
    }

    /** Sends the text again and again, a byte at a time, for much longer than any test takes. */
    static TestServer dripping(String head, String drop) {
        return start((connection, server) -> {
            OutputStream out = connection.getOutputStream();
            out.write(head.getBytes(StandardCharsets.UTF_8));
            byte[] bytes = drop.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; !server.waits(10); i++) {
                out.write(bytes[i % bytes.length]);
            }
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Waits that long; true when the test is over. */
    boolean waits(long millis) throws InterruptedException {
        return closing.await(millis, TimeUnit.MILLISECONDS);
    }

    void readRequest(Socket connection) throws IOException {
        StringBuilder request = new StringBuilder();
        InputStream in = connection.getInputStream();
        while (request.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            request.append((char) next);
        }
        requests.add(request.toString());
    }

    /** The next request that came. */
    String request() throws Exception {
        String request = requests.poll(20, TimeUnit.SECONDS);
        if (request == null) {
            throw new TimeoutException("no request came");
        }
        return request;
    }

    boolean wasAsked() {
        return !requests.isEmpty();
    }

    private void accept() {
        while (closing.getCount() > 0) {
            try {
                Socket connection = listener.accept();
                Thread thread = new Thread(() -> serve(connection), "test-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            behaviour.serve(connection, this);
        } catch (Exception gone) {
            // The checks hang up on what these servers do; that is what is tested.
            return;
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            listener.close();
            // The port is free only when nobody is in accept any more.
            acceptor.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
