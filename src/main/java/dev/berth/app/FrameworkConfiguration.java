package dev.berth.app;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the framework must know of this start, as its own property names. */
final class FrameworkConfiguration {
    /** The kernel takes at most 108 bytes for the path of a Unix socket; some of them are left to spare. */
    private static final int LONGEST_SOCKET_PATH = 100;

    private FrameworkConfiguration() {}

    static Map<String, String> of(DataDirectory data, ListenAddress listen) throws StartException {
        Map<String, String> properties = new HashMap<>();
        properties.put("quarkus.http.host", listen.host().getHostAddress());
        properties.put("quarkus.http.port", Integer.toString(listen.port()));
        properties.put("quarkus.datasource.jdbc.url", data.jdbcUrl());
        properties.put("quarkus.log.file.enabled", Boolean.toString(data.path().isPresent()));
        data.path().ifPresent(directory -> {
            properties.put(
                    "quarkus.log.file.path", directory.resolve("berth.log").toString());
            socket(data).ifPresent(socket -> {
                properties.put("quarkus.http.domain-socket-enabled", "true");
                properties.put("quarkus.http.domain-socket", socket.toString());
            });
        });
        return properties;
    }

    /** Where the Unix socket lies; empty without a directory, or where its path would be too long for the kernel. */
    static Optional<Path> socket(DataDirectory data) {
        // Only netty's epoll transport, and so only Linux, is on board.
        return data.path()
                .filter(directory -> System.getProperty("os.name").equals("Linux"))
                .map(directory -> directory.resolve("run").resolve("berth.sock"))
                .filter(path -> path.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET_PATH);
    }
}
