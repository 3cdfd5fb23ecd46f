package dev.berth.app;

import java.util.HashMap;
import java.util.Map;

/** What the framework must know of this start, as its own property names. */
final class FrameworkConfiguration {
    private FrameworkConfiguration() {}

    static Map<String, String> of(DataDirectory data, ListenAddress listen, SocketPlace socket) throws StartException {
        Map<String, String> properties = new HashMap<>();
        properties.put("quarkus.http.host", listen.host().getHostAddress());
        properties.put("quarkus.http.port", Integer.toString(listen.port()));
        properties.put("quarkus.datasource.jdbc.url", data.jdbcUrl());
        properties.put("quarkus.log.file.enabled", Boolean.toString(data.path().isPresent()));
        data.path()
                .ifPresent(directory -> properties.put(
                        "quarkus.log.file.path", directory.resolve("berth.log").toString()));
        socket.path().ifPresent(path -> {
            properties.put("quarkus.http.domain-socket-enabled", "true");
            properties.put("quarkus.http.domain-socket", path.toString());
        });
        return properties;
    }
}
