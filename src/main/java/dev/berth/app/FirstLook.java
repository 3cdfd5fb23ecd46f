package dev.berth.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Asks Berth once for what the page and the command line ask for. The JVM links and prepares code when it is first used, a
 * quarter of a second for these; whoever comes first does not wait for it.
 */
final class FirstLook {
    private static final Logger LOG = Logger.getLogger(FirstLook.class);

    private static final List<String> PATHS = List.of(
            "/",
            "/page/berth.js",
            "/page/berth.css",
            "/ports",
            "/status",
            "/services",
            "/conflicts",
            "/reservations",
            "/settings",
            "/audit");

    /** Goes on for as long as it is read. */
    private static final String WATCH = "/watch";

    /** Far longer than any of them takes; there is nothing to be done about it. */
    private static final int PATIENCE_MILLIS = 10_000;

    private final URI berth;

    /** @param berth where it listens, on this machine */
    FirstLook(URI berth) {
        this.berth = berth;
    }

    /** Returns at once. */
    void begin() {
        Threads.named("berth-first-look").newThread(this::look).start();
    }

    private void look() {
        try {
            for (String path : PATHS) {
                ask(path, in -> in.transferTo(OutputStream.nullOutputStream()));
            }
            ask(WATCH, InputStream::read);
        } catch (IOException stopped) {
            LOG.debugf("the first look was not finished: %s", stopped.getMessage());
        }
    }

    private interface Reader {
        long read(InputStream in) throws IOException;
    }

    private void ask(String path, Reader reader) throws IOException {
        try (Socket socket = new Socket(berth.getHost(), berth.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                    .formatted(path, berth.getAuthority())
                    .getBytes(StandardCharsets.US_ASCII));
            reader.read(socket.getInputStream());
        }
    }
}
