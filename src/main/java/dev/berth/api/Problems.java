package dev.berth.api;

import dev.berth.config.DocumentException;
import dev.berth.config.Documents;
import dev.berth.host.ObservationException;
import dev.berth.model.Fault;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** The ways to say no. Each names what was wanted, what was found, and what to do. */
final class Problems {
    /** Unprocessable Content (RFC 9110), which JAX-RS has no constant for. */
    static final int INVALID = 422;

    static final String ERRORS = "errors";
    static final String CONTENT_TYPES = "a body is application/json or application/yaml; say which one in Content-Type";
    static final String TOO_LARGE = "a body has at most " + Documents.MAX_BYTES + " bytes (4 MB)";

    private static final int RETRY_SECONDS = 2;

    private Problems() {}

    static HttpProblem.Builder problem(int status, String detail) {
        return HttpProblem.builder()
                .withStatus(new Status(status))
                .withTitle(title(status))
                .withDetail(detail);
    }

    static HttpProblem unreadable(DocumentException refused) {
        return problem(400, String.valueOf(refused.getMessage())).build();
    }

    static HttpProblem unreadable(String detail) {
        return problem(400, detail).build();
    }

    /** @param what was read, such as {@code the service} */
    static HttpProblem invalid(String what, List<Fault> faults) {
        String count = faults.size() == 1 ? "one thing is" : faults.size() + " things are";
        return problem(INVALID, count + " wrong with " + what + "; nothing was changed")
                .with(ERRORS, faults)
                .build();
    }

    static HttpProblem notFound(String what) {
        return problem(404, "there is no " + what).build();
    }

    static HttpProblem conflict(String detail) {
        return problem(409, detail).build();
    }

    static HttpProblem stale(String detail) {
        return problem(412, detail + "; read it again and decide anew").build();
    }

    /** @param asked whether the caller named a version */
    static HttpProblem stale(StaleVersionException stale, boolean asked) {
        return asked
                ? stale(String.valueOf(stale.getMessage()))
                : conflict(stale.ref() + " was changed by others all the time; nothing was changed, try again");
    }

    static HttpProblem unavailable(StoreException failed) {
        String advice = switch (failed.kind()) {
            case BUSY -> "another program holds the database; try again in a moment";
            case FULL -> "make room on the disk that holds Berth's data directory, then try again";
            case IO -> "look at the disk that holds Berth's data directory, then try again";
            case CORRUPT -> "the database is damaged: stop Berth, put its directory aside and start again";
            case CLOSED -> "Berth is stopping; start it again";
        };
        return problem(503, "Berth's memory could not be read or written, and nothing was changed: " + advice)
                .withHeader("Retry-After", RETRY_SECONDS)
                .build();
    }

    static HttpProblem unavailable(ObservationException failed) {
        return problem(503, "the machine's ports could not be looked at: " + failed.getMessage())
                .withHeader("Retry-After", RETRY_SECONDS)
                .build();
    }

    static String title(int status) {
        if (status == INVALID) {
            return "Unprocessable Content";
        }
        Response.Status known = Response.Status.fromStatusCode(status);
        return known == null ? "Refused" : known.getReasonPhrase();
    }

    private record Status(int getStatusCode) implements Response.StatusType {
        @Override
        public Response.Status.Family getFamily() {
            return Response.Status.Family.familyOf(getStatusCode);
        }

        @Override
        public String getReasonPhrase() {
            return title(getStatusCode);
        }
    }
}
