package dev.berth.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.berth.model.Instances;
import dev.berth.model.Service;
import java.io.UncheckedIOException;
import java.util.Collection;

/** A service as a document of its own: the same object as {@code GET /services/NAME} answers, a line for each field. */
public final class ServiceDocument {
    private final ObjectWriter writer;

    /** @param json the one that answers are written with */
    public ServiceDocument(ObjectMapper json) {
        this.writer = json.writerWithDefaultPrettyPrinter();
    }

    /** @param all services, its replicas among them */
    public String of(Service service, Collection<Service> all) {
        try {
            return writer.writeValueAsString(ServiceView.of(Instances.of(service, all))) + "\n";
        } catch (JsonProcessingException defect) {
            throw new UncheckedIOException(defect);
        }
    }
}
