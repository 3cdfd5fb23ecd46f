package dev.berth.api;

import java.util.Optional;
import java.util.Set;

/**
 * Is it a file of the page that is asked for? Those tell nothing of this machine, and they are what asks a stranger's browser
 * for a token: on its way to a page a browser sends none.
 */
final class PageAddress {
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final String FILES = "/page/";

    private PageAddress() {}

    /**
     * @param path as it was sent
     * @param normalized as routes are found by; a path that only looks like the page's is none
     * @param accept the Accept header
     */
    static boolean is(String method, String path, String normalized, Optional<String> accept) {
        boolean start = path.equals("/")
                && accept.filter(types -> types.contains("text/html")).isPresent();
        return READING.contains(method) && path.equals(normalized) && (start || path.startsWith(FILES));
    }
}
