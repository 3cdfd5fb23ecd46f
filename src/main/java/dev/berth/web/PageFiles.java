package dev.berth.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of the page, as they lie beside this class in the program; read once. */
final class PageFiles {
    static final String INDEX = "index.html";

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
        try (InputStream stream = PageFiles.class.getResourceAsStream(name)) {
            String type = TYPES.get(extension);
            if (stream == null || type == null) {
                return Optional.empty();
            }
            PageFile file = PageFile.of(type, stream.readAllBytes());
            read.put(name, file);
            return Optional.of(file);
        } catch (IOException failed) {
            throw new UncheckedIOException("the file " + name + " of the page can't be read from the program", failed);
        }
    }
}
