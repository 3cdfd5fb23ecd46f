package dev.berth.api;

import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.TreeMap;

/**
 * What browsers are told with every answer: don't guess its type, don't frame it, don't hand it to other sites, run no script
 * and apply no style in it but what Berth serves itself. No answer has a CORS header: there is no other origin that may read one.
 */
final class BrowserHeaders {
    private static final Map<String, String> ALL = new TreeMap<>(Map.of(
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Content-Security-Policy",
                    "default-src 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
            "Cache-Control", "no-store"));

    private BrowserHeaders() {}

    static void set(HttpServerResponse response) {
        ALL.forEach(response::putHeader);
    }
}
