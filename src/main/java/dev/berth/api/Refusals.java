package dev.berth.api;

import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Refusals outside of the resources: the gate's, and whatever the server itself fails a request with. */
@ApplicationScoped
class Refusals {
    private static final Logger LOG = Logger.getLogger(Refusals.class);

    /** Just before the framework's own answer to failures, which tells class names. */
    private static final int LAST_BUT_ONE = Integer.MAX_VALUE - 1;

    private static final int SERVER_ERROR = 500;

    void register(@Observes Router router) {
        router.route().order(LAST_BUT_ONE).failureHandler(Refusals::failed);
    }

    private static void failed(RoutingContext context) {
        int status = context.statusCode() < 400 ? SERVER_ERROR : context.statusCode();
        // Of a client that hung up before all of its request was there, nothing is left to answer.
        if (context.response().ended() || context.failure() instanceof HttpClosedException) {
            return;
        }
        if (context.response().headWritten()) {
            context.request().connection().close();
            return;
        }
        if (status >= SERVER_ERROR) {
            LOG.error(
                    "A request failed in a way that is a fault of Berth's own: "
                            + context.request().path(),
                    context.failure());
        }
        send(context, status, ProblemWords.words(status));
    }

    /** Answers with a problem, or with a sentence for a shell. Nothing of the request's body is read. */
    static void send(RoutingContext context, int status, String detail) {
        HttpServerResponse response = context.response().setStatusCode(status);
        // What is left of the body is not read, so that the connection can't be used for another request.
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        if (ProblemSentence.isWanted(Optional.ofNullable(context.request().getHeader(HttpHeaders.ACCEPT)))) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, ReplyWriter.TEXT).end(ProblemSentence.of(detail, List.of()));
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                    .end(new JsonObject()
                            .put("status", status)
                            .put("title", Problems.title(status))
                            .put("detail", detail)
                            .put("instance", context.request().path())
                            .encode());
        }
    }
}
