package dev.berth.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.io.IOException;
import org.jboss.logging.Logger;

/** Puts our words in place of the framework's, which would tell class names, and logs what nobody foresaw. */
@ApplicationScoped
class ProblemWords implements ProblemPostProcessor {
    private static final Logger LOG = Logger.getLogger(ProblemWords.class);
    private static final int UNREADABLE = 400;
    private static final String MEDIA_TYPE = "Failed to parse media type";

    @Override
    public HttpProblem apply(HttpProblem problem, ProblemContext context) {
        if (context.cause instanceof HttpProblem) {
            return problem;
        }
        int status = status(problem, context.cause);
        if (status >= 500) {
            LOG.error("A request failed in a way that is a fault of Berth's own: " + context.path, context.cause);
        }
        return Problems.problem(status, words(status))
                .withInstance(problem.getInstance())
                .build();
    }

    private static int status(HttpProblem problem, Throwable cause) {
        if (cause instanceof IOException) {
            // The client went before its body was there; nobody reads the answer.
            return UNREADABLE;
        }
        if (cause instanceof IllegalArgumentException
                && String.valueOf(cause.getMessage()).startsWith(MEDIA_TYPE)) {
            // An Accept header that names nothing, such as an empty one.
            return UNREADABLE;
        }
        return cause instanceof WebApplicationException refused
                ? refused.getResponse().getStatus()
                : problem.getStatusCode();
    }

    static String words(int status) {
        return switch (status) {
            case 404 -> "there is nothing at this address; /openapi lists what there is";
            case 405 -> "this can't be done with this address; /openapi lists what can";
            case 406 ->
                "this doesn't come as what Accept names; most come as application/json, application/yaml and text/plain,"
                        + " events as text/event-stream, and /openapi says as what each";
            case 413 -> Problems.TOO_LARGE;
            case 415 -> Problems.CONTENT_TYPES;
            case 500 -> "Berth failed at this, which is a fault of its own; its log says more";
            default -> status < 500 ? "this request can't be understood" : "Berth can't do this now";
        };
    }
}
