package dev.berth.control;

import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What somebody wants of one service; validated where it was read. */
public record Declaration(
        ServiceKey key, ServiceSpec spec, Map<String, String> labels, Map<String, String> annotations) {
    public Declaration {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    public static Declaration of(ServiceKey key, ServiceSpec spec) {
        return new Declaration(key, spec, Map.of(), Map.of());
    }
}
