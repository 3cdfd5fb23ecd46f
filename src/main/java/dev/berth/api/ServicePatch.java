package dev.berth.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.config.Document;
import dev.berth.config.SpecReader;
import dev.berth.config.SpecWriter;
import dev.berth.model.Fault;
import dev.berth.model.Service;
import java.util.List;

/** A merge patch of a service: of its spec, or of the whole object when it speaks of {@code spec} or {@code metadata}. */
final class ServicePatch {
    private ServicePatch() {}

    /** The whole object as it would be, to be read like any other. */
    static ObjectNode apply(Service service, Document patch) {
        if (!(patch.tree() instanceof ObjectNode changes)) {
            throw Problems.invalid(
                    "the patch",
                    List.of(new Fault(
                            "",
                            "a merge patch of a service is a map",
                            Wire.quote(patch.tree().toString()))));
        }
        ObjectNode object = object(service);
        if (changes.has("spec") || changes.has("metadata") || changes.has("kind")) {
            ObjectNode renamed = changes.deepCopy();
            if (renamed.get("spec") instanceof ObjectNode spec) {
                renamed.set("spec", SpecReader.canonical(spec));
            }
            return (ObjectNode) MergePatch.apply(object, renamed);
        }
        ObjectNode spec = SpecReader.canonical(changes);
        // What stands beside the spec's fields in a PUT may stand there in a patch too.
        for (String field : List.of("labels", "annotations")) {
            JsonNode value = spec.remove(field);
            if (value != null) {
                JsonNode metadata = JsonNodeFactory.instance.objectNode().set(field, value);
                object.set("metadata", MergePatch.apply(object.path("metadata"), metadata));
            }
        }
        object.set("spec", MergePatch.apply(object.path("spec"), spec));
        return object;
    }

    private static ObjectNode object(Service service) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", Wire.API_VERSION).put("kind", ServiceView.KIND);
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", service.metadata().name())
                .put("namespace", service.metadata().namespace());
        SpecWriter.texts(metadata, "labels", service.metadata().labels());
        SpecWriter.texts(metadata, "annotations", service.metadata().annotations());
        object.set("spec", SpecWriter.brief(service.spec()));
        return object;
    }
}
