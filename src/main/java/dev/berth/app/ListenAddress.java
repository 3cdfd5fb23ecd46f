package dev.berth.app;

import dev.berth.model.Ports;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Where Berth listens: what was asked for, or the next port that is free.
 *
 * @param wanted what was asked for, when it could not be had
 */
record ListenAddress(InetAddress host, int port, OptionalInt wanted) {
    static final int DEFAULT_PORT = 7171;

    /** How many ports upward are tried before giving up; more in use at once means that something else is wrong. */
    private static final int TRIES = 100;

    /**
     * Chooses from {@code BERTH_HTTP_HOST}, {@code BERTH_HTTP_PORT} and {@code PORT}. Port 0 lets the kernel choose. An address
     * that other machines reach wants {@code BERTH_TOKEN}, or {@code BERTH_INSECURE}: what is sent there can be read on the way.
     *
     * @throws StartException naming the variable and its value when it is wrong
     */
    static ListenAddress choose(Map<String, String> environment) throws StartException {
        InetAddress host = host(environment);
        OptionalInt own = port(environment, "BERTH_HTTP_PORT");
        int wanted = (own.isPresent() ? own : port(environment, "PORT")).orElse(DEFAULT_PORT);
        if (wanted == 0) {
            return new ListenAddress(host, freeByKernel(host), OptionalInt.empty());
        }
        for (int port = wanted; port <= Math.min(Ports.MAX, wanted + TRIES); port++) {
            if (isFree(host, port)) {
                return new ListenAddress(host, port, port == wanted ? OptionalInt.empty() : OptionalInt.of(wanted));
            }
        }
        throw new StartException(
                StartException.REFUSED,
                "port " + wanted + " and the " + TRIES + " after it are taken; set BERTH_HTTP_PORT to a free one");
    }

    /** The URL that people and scripts of this machine use. */
    String url() {
        String name =
                host.isAnyLocalAddress() ? (host instanceof Inet6Address ? "::1" : "127.0.0.1") : host.getHostAddress();
        return "http://" + (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + port;
    }

    private static InetAddress host(Map<String, String> environment) throws StartException {
        String given = environment.getOrDefault("BERTH_HTTP_HOST", "127.0.0.1").strip();
        InetAddress host;
        try {
            host = InetAddress.getByName(given);
        } catch (UnknownHostException unknown) {
            throw new StartException(
                    StartException.WRONG_VALUE,
                    "BERTH_HTTP_HOST is \"" + given + "\", which is no address of this machine");
        }
        if (!host.isLoopbackAddress() && !StartToken.isGiven(environment) && !isInsecure(environment)) {
            throw new StartException(
                    StartException.WRONG_VALUE,
                    "BERTH_HTTP_HOST is \"" + given
                            + "\": other machines can reach that, and nobody could prove there who"
                            + " they are. Set BERTH_TOKEN to a secret (openssl rand -hex 32), or BERTH_INSECURE=true to"
                            + " listen there all the same and make tokens later (berth token create); without a token"
                            + " calls from elsewhere are refused either way");
        }
        return host;
    }

    private static boolean isInsecure(Map<String, String> environment) throws StartException {
        String given = environment.getOrDefault("BERTH_INSECURE", "").strip();
        if (!List.of("", "true", "false").contains(given)) {
            throw new StartException(
                    StartException.WRONG_VALUE, "BERTH_INSECURE is \"" + given + "\"; allowed are true and false");
        }
        return given.equals("true");
    }

    private static OptionalInt port(Map<String, String> environment, String variable) throws StartException {
        String text = environment.getOrDefault(variable, "");
        if (text.isBlank()) {
            return OptionalInt.empty();
        }
        try {
            int port = Integer.parseInt(text.strip());
            if (port == 0 || Ports.isValid(port)) {
                return OptionalInt.of(port);
            }
        } catch (NumberFormatException notANumber) {
            throw wrongPort(variable, text);
        }
        throw wrongPort(variable, text);
    }

    private static StartException wrongPort(String variable, String text) {
        return new StartException(
                StartException.WRONG_VALUE,
                variable + " is \"" + text + "\"; allowed is a port from 1 to 65535, or 0 for any free one");
    }

    private static boolean isFree(InetAddress host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static int freeByKernel(InetAddress host) throws StartException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, 0));
            return socket.getLocalPort();
        } catch (IOException refused) {
            throw new StartException(StartException.REFUSED, "no port can be bound on " + host.getHostAddress());
        }
    }
}
