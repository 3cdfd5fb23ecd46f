package dev.berth.it;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import sun.misc.Signal;

/**
 * Holds a port, as a program of its own: {@code Holder PORT[,PORT…] [stubborn] [http]}. Says "ready" when it does. One
 * with {@code http} answers every request with 200.
 */
public final class Holder {
    private Holder() {}

    /** Listens until it is ended; a stubborn one ignores SIGTERM. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        if (List.of(arguments).contains("stubborn")) {
            Signal.handle(new Signal("TERM"), signal -> {});
        }
        for (String port : arguments[0].split(",")) {
            if (List.of(arguments).contains("http")) {
                HttpServer server = HttpServer.create(
                        new InetSocketAddress(InetAddress.getByName("127.0.0.1"), Integer.parseInt(port)), 0);
                server.createContext("/", exchange -> {
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
                server.start();
                continue;
            }
            // Never closed: the process is the holder.
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), Integer.parseInt(port)));
        }
        System.out.println("ready");
        System.out.flush();
        Thread.currentThread().join();
    }

    /** The command line that runs it. */
    static List<String> command(String ports, String... options) {
        String java = ProcessHandle.current().info().command().orElseThrow();
        String classes =
                Holder.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        List<String> command = new java.util.ArrayList<>(List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx16m",
                "-cp",
                classes,
                Holder.class.getName(),
                ports));
        command.addAll(List.of(options));
        return command;
    }
}
