package dev.berth.control;

import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.User;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody wants of one service; validated where it was read.
 *
 * @param owner whose it becomes when it is new; empty means the caller's
 */
public record Declaration(
        ServiceKey key,
        ServiceSpec spec,
        Map<String, String> labels,
        Map<String, String> annotations,
        Optional<User> owner) {
    public Declaration {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    public Declaration(ServiceKey key, ServiceSpec spec, Map<String, String> labels, Map<String, String> annotations) {
        this(key, spec, labels, annotations, Optional.empty());
    }

    public static Declaration of(ServiceKey key, ServiceSpec spec) {
        return new Declaration(key, spec, Map.of(), Map.of());
    }
}
