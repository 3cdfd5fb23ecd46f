package dev.berth.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the page is: at {@code /} for whoever takes HTML, its parts below {@code /page/}. */
@ApplicationScoped
class PageRoutes {
    private static final String FILES = "/page/";
    private static final int NOT_MODIFIED = 304;

    private final PageFiles files = new PageFiles();

    void register(@Observes Router router) {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            router.route(method, "/").handler(this::page);
            router.route(method, FILES + "*").handler(this::part);
        }
    }

    private void page(RoutingContext context) {
        String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        context.response().headers().add(HttpHeaders.VARY, "Accept");
        // Programs such as curl and probes take anything, or don't say.
        if (accept != null && !accept.contains("text/html") && !accept.contains("*/*")) {
            context.next();
            return;
        }
        answer(context, files.find(PageFiles.INDEX));
    }

    private void part(RoutingContext context) {
        answer(context, files.find(context.normalizedPath().substring(FILES.length())));
    }

    /** Browsers keep the files and ask whether they are still the same: after an upgrade no old part meets a new one. */
    private static void answer(RoutingContext context, Optional<PageFile> found) {
        if (found.isEmpty()) {
            context.next();
            return;
        }
        PageFile file = found.get();
        HttpServerResponse response = context.response()
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader(HttpHeaders.ETAG, file.tag());
        response.headers().add(HttpHeaders.VARY, "Accept-Encoding");
        String known = context.request().getHeader(HttpHeaders.IF_NONE_MATCH);
        if (known != null && known.contains(file.tag())) {
            response.setStatusCode(NOT_MODIFIED).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, file.type());
        if (takesGzip(context.request().getHeader(HttpHeaders.ACCEPT_ENCODING))) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip").end(file.gzipped());
        } else {
            response.end(file.content());
        }
    }

    /** Browsers name it plainly; whoever weighs codings against each other gets the file as it is. */
    private static boolean takesGzip(@Nullable String codings) {
        return codings != null
                && Arrays.stream(codings.split(",")).map(String::strip).anyMatch("gzip"::equals);
    }
}
