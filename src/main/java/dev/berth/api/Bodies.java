package dev.berth.api;

import dev.berth.config.Document;
import dev.berth.config.DocumentException;
import dev.berth.config.Documents;
import dev.berth.config.Reading;
import dev.berth.model.Fault;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads bodies, and answers for what can't be read. */
final class Bodies {
    /** The media types of bodies, for {@code @Consumes}. */
    static final String JSON = "application/json";

    static final String MERGE_PATCH = "application/merge-patch+json";
    static final String YAML = "application/yaml";
    static final String X_YAML = "application/x-yaml";
    static final String TEXT_YAML = "text/yaml";

    private Bodies() {}

    /** The one document of a body. */
    static Document one(byte @Nullable [] body, HttpHeaders headers) {
        try {
            return Documents.readOne(present(body), format(headers));
        } catch (DocumentException refused) {
            throw Problems.unreadable(refused);
        }
    }

    /** Every document of a body, which may be a stream of YAML documents. */
    static List<Document> all(byte @Nullable [] body, HttpHeaders headers) {
        try {
            return Documents.readAll(present(body), format(headers));
        } catch (DocumentException refused) {
            throw Problems.unreadable(refused);
        }
    }

    /** The value that was read from the document, or the refusal with every fault and its place. */
    static <T> Reading.Valid<T> valid(Reading<T> reading, Document document, String what) {
        if (reading instanceof Reading.Valid<T> valid) {
            return new Reading.Valid<>(valid.value(), document.locate(valid.warnings()));
        }
        List<Fault> faults = ((Reading.Refused<T>) reading).faults();
        throw Problems.invalid(what, document.locate(faults));
    }

    private static byte[] present(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            throw Problems.unreadable("a body is wanted here, as application/json or application/yaml");
        }
        return body;
    }

    private static Documents.Format format(HttpHeaders headers) {
        MediaType type = headers.getMediaType();
        boolean yaml = type != null && type.getSubtype().endsWith("yaml");
        return yaml ? Documents.Format.YAML : Documents.Format.JSON;
    }
}
