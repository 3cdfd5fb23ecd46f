package dev.berth.it;

import dev.berth.testing.FreePorts;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Servers as people run them, that try to listen on many ports. */
final class RealServers {
    private static final int TRIES = 200;

    private RealServers() {}

    /** So many ports in a row that nobody uses now; the first of them. */
    static int freeBlock(int size) {
        for (int tries = 0; tries < TRIES; tries++) {
            int first = FreePorts.take();
            if (IntStream.range(first, first + size).allMatch(FreePorts::isFree)) {
                return first;
            }
        }
        throw new IllegalStateException("no " + size + " free ports in a row");
    }

    /** What of these the server could bind, by its own words; one line each. */
    static List<String> python(List<Integer> ports, List<String> addresses) {
        String script = """
                import http.server, socket, sys
                class Six(http.server.HTTPServer):
                    address_family = socket.AF_INET6
                for port in map(int, sys.argv[1].split(',')):
                    for address in sys.argv[2].split(','):
                        kind = Six if ':' in address else http.server.HTTPServer
                        try:
                            kind((address, port), http.server.SimpleHTTPRequestHandler).server_close()
                            print('bound', address, port)
                        except OSError as refused:
                            assert refused.errno == 98, refused
                """;
        return run(
                List.of(Tools.require("python3").toString(), "-c", script, joined(ports), String.join(",", addresses)));
    }

    static List<String> node(List<Integer> ports, List<String> addresses) {
        String script = """
                const http = require('http'), [ports, addresses] = process.argv.slice(1).map(each => each.split(','));
                for (const port of ports) for (const host of addresses) {
                  const server = http.createServer();
                  server.on('error', e => { if (e.code !== 'EADDRINUSE') throw e; });
                  server.listen({port: +port, host}, () => { console.log('bound', host, port); server.close(); });
                }
                """;
        return run(List.of(Tools.require("node").toString(), "-e", script, joined(ports), String.join(",", addresses)));
    }

    /** Its master tries each address a few times, and ends. */
    static List<String> nginx(Path directory, List<Integer> ports, String address) {
        String listens = ports.stream()
                .map(port -> "server { listen " + (address.contains(":") ? "[" + address + "]" : address) + ":" + port
                        + "; }")
                .collect(Collectors.joining("\n"));
        Path config = directory.resolve("nginx-" + address.replace(':', '_') + ".conf");
        try {
            Files.writeString(
                    config, """
                    daemon off; pid %s/nginx.pid; error_log stderr emerg;
                    events {}
                    http { access_log off; client_body_temp_path %s/body; proxy_temp_path %s/proxy;
                    fastcgi_temp_path %s/fastcgi; uwsgi_temp_path %s/uwsgi; scgi_temp_path %s/scgi;
                    %s
                    }
                    """.formatted(directory, directory, directory, directory, directory, directory, listens));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        List<String> said = run(List.of(
                Tools.require("nginx").toString(),
                "-c",
                config.toString(),
                "-p",
                directory.toString(),
                "-e",
                "stderr"));
        return ports.stream()
                .filter(port -> said.stream()
                        .noneMatch(line -> line.contains(":" + port + " failed (98: Address already in use)")))
                .map(port -> "bound " + address + " " + port)
                .toList();
    }

    private static String joined(List<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static List<String> run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (!process.waitFor(Berth.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IllegalStateException(command.get(0) + " goes on: " + output);
                }
                return output.lines().toList();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
