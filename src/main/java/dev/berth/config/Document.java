package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.model.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One JSON or YAML document, and where each part of it stands.
 *
 * @param places by the path that faults name, such as {@code services.backend.alternativePorts[2]}; the root is {@code ""}
 */
public record Document(JsonNode tree, Map<String, Location> places) {
    public Document {
        places = Map.copyOf(places);
    }

    /** Where the field stands; for one that is missing, what it is missing from. */
    public Optional<Location> locate(String field) {
        String path = field;
        while (!path.isEmpty()) {
            Location place = places.get(path);
            if (place != null) {
                return Optional.of(place);
            }
            path = path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
        }
        return Optional.ofNullable(places.get(""));
    }

    /** The same faults, each message ending with line and column. */
    public List<Fault> locate(List<Fault> faults) {
        return faults.stream()
                .map(fault -> locate(fault.field())
                        .map(place -> new Fault(fault.field(), fault.message() + " (" + place + ")", fault.given()))
                        .orElse(fault))
                .toList();
    }

    static String member(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    static String element(String path, int index) {
        return path + "[" + index + "]";
    }
}
