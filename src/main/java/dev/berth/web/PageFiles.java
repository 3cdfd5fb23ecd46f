package dev.berth.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The files of the page, as they lie beside this class in the program, its modules as one script and its styles as one; read once. */
final class PageFiles {
    static final String INDEX = "index.html";

    /** All modules that the first one needs, see {@link PageScript}. */
    static final String SCRIPT = "berth.js";

    private static final String FIRST_MODULE = "app.js";

    /** All styles: each request of a browser costs it more than what is asked for. */
    static final String STYLE = "berth.css";

    private static final List<String> STYLES = List.of("base.css", "parts.css");

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
        Optional<byte[]> content = switch (name) {
            case SCRIPT -> Optional.of(bytes(PageScript.link(FIRST_MODULE, PageFiles::text)));
            case STYLE -> Optional.of(bytes(STYLES.stream().map(PageFiles::text).collect(Collectors.joining())));
            default -> content(name);
        };
        if (type == null || content.isEmpty()) {
            return Optional.empty();
        }
        PageFile file = PageFile.of(type, content.get());
        read.put(name, file);
        return Optional.of(file);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(String name) {
        return content(name)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElseThrow(() -> new IllegalStateException("the page has no file " + name));
    }

    private static Optional<byte[]> content(String name) {
        try (InputStream stream = PageFiles.class.getResourceAsStream(name)) {
            return stream == null ? Optional.empty() : Optional.of(stream.readAllBytes());
        } catch (IOException failed) {
            throw new UncheckedIOException("the file " + name + " of the page can't be read from the program", failed);
        }
    }
}
