package dev.berth.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of the page, as they lie beside this class in the program, and its modules as one script; read once. */
final class PageFiles {
    static final String INDEX = "index.html";

    /** All modules that the first one needs, see {@link PageScript}. */
    static final String SCRIPT = "berth.js";

    private static final String FIRST_MODULE = "app.js";

    /** Nothing that could leave the directory. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z-]{0,40}\\.(html|css|js|svg)");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    // Only what exists is kept, so it is as large as the page.
    private final Map<String, PageFile> read = new ConcurrentHashMap<>();

    /** Empty when the page has no such file. */
    Optional<PageFile> find(String name) {
        PageFile known = read.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        Matcher parts = NAME.matcher(name);
        return parts.matches() ? load(name, parts.group(1)) : Optional.empty();
    }

    private Optional<PageFile> load(String name, String extension) {
        String type = TYPES.get(extension);
        Optional<byte[]> content = name.equals(SCRIPT) ? Optional.of(script()) : content(name);
        if (type == null || content.isEmpty()) {
            return Optional.empty();
        }
        PageFile file = PageFile.of(type, content.get());
        read.put(name, file);
        return Optional.of(file);
    }

    private static byte[] script() {
        return PageScript.link(FIRST_MODULE, PageFiles::module).getBytes(StandardCharsets.UTF_8);
    }

    private static String module(String name) {
        return content(name)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElseThrow(() -> new IllegalStateException("the page has no module " + name));
    }

    private static Optional<byte[]> content(String name) {
        try (InputStream stream = PageFiles.class.getResourceAsStream(name)) {
            return stream == null ? Optional.empty() : Optional.of(stream.readAllBytes());
        } catch (IOException failed) {
            throw new UncheckedIOException("the file " + name + " of the page can't be read from the program", failed);
        }
    }
}
