import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The stranger of the demonstration: sits on a port and serves one small page, like a server somebody forgot.
 *
 * <pre>java Holder.java PORT FILE</pre>
 *
 * Takes the first free port from PORT on, looks for the next two free ones, and writes "pid port next next" to FILE.
 */
public final class Holder {
    private static final int PORTS_TRIED = 1000;

    public static void main(String[] arguments) throws IOException {
        int wanted = Integer.parseInt(arguments[0]);
        Path file = Path.of(arguments[1]);
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});

        HttpServer server = null;
        List<Integer> free = new ArrayList<>();
        for (int port = wanted; port < wanted + PORTS_TRIED && port <= 65535 && free.size() < 2; port++) {
            if (server == null) {
                server = serve(new InetSocketAddress(loopback, port));
            } else if (isFree(port)) {
                free.add(port);
            }
        }
        if (server == null || free.size() < 2) {
            System.err.println("no three free ports from " + wanted + " on");
            System.exit(1);
        }
        long pid = ProcessHandle.current().pid();
        String line = pid + " " + server.getAddress().getPort() + " " + free.get(0) + " " + free.get(1) + "\n";
        // Whole or not at all: the demonstration polls for this file.
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(draft, line);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Listening on {@code address}, or null where somebody else is. */
    private static HttpServer serve(InetSocketAddress address) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (BindException taken) {
            return null;
        }
        byte[] page = "<!doctype html><title>Holder</title><p>I was here first.\n".getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(page);
            }
        });
        server.start();
        return server;
    }

    /** Free on every address, because another one's listener on 0.0.0.0 takes it from us too. */
    private static boolean isFree(int port) throws IOException {
        try (ServerSocket probe = new ServerSocket(port)) {
            return probe.getLocalPort() == port;
        } catch (BindException taken) {
            return false;
        }
    }
}
