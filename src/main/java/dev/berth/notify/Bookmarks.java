package dev.berth.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where each webhook stands, in one file that is replaced as a whole. It survives the end of the process; after the loss of
 * power it may be an older one, and then some notifications come twice. Safe for use by many threads.
 */
final class Bookmarks {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Optional<Path> file;
    // Guarded by this.
    private final Map<String, Memory.Written> all = new TreeMap<>();

    private Bookmarks(Optional<Path> file) {
        this.file = file;
    }

    /**
     * @param file empty where nothing is kept
     * @throws IOException when there is one and it can't be understood
     */
    static Bookmarks open(Optional<Path> file) throws IOException {
        Bookmarks bookmarks = new Bookmarks(file);
        if (file.isPresent() && Files.exists(file.get())) {
            JsonNode root = JSON.readTree(file.get().toFile());
            for (Map.Entry<String, JsonNode> entry : root.properties()) {
                JsonNode each = entry.getValue();
                List<String> told = new ArrayList<>();
                each.path("told").forEach(id -> told.add(id.asText()));
                Map<String, String> down = new LinkedHashMap<>();
                each.path("down")
                        .properties()
                        .forEach(one -> down.put(one.getKey(), one.getValue().asText()));
                bookmarks.all.put(
                        entry.getKey(),
                        new Memory.Written(
                                each.path("version").asLong(), told, down, FlapsJson.read(each.path("flaps"))));
            }
        }
        return bookmarks;
    }

    synchronized Optional<Memory> find(String name) {
        return Optional.ofNullable(all.get(name))
                .map(written -> new Memory(written.version(), written.told(), written.down(), written.flaps()));
    }

    synchronized void save(String name, Memory memory) throws IOException {
        all.put(name, memory.written());
        write();
    }

    synchronized void forget(String name) throws IOException {
        if (all.remove(name) != null) {
            write();
        }
    }

    private void write() throws IOException {
        if (file.isEmpty()) {
            return;
        }
        ObjectNode root = JSON.createObjectNode();
        all.forEach((name, written) -> {
            ObjectNode node = root.putObject(name).put("version", written.version());
            written.told().forEach(node.putArray("told")::add);
            ObjectNode down = node.putObject("down");
            written.down().forEach(down::put);
            FlapsJson.write(written.flaps(), node.putObject("flaps"));
        });
        Path next = file.get().resolveSibling(file.get().getFileName() + ".next");
        Files.write(next, JSON.writeValueAsBytes(root));
        Files.move(next, file.get(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
