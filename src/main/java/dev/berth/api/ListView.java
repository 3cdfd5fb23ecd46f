package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Optional;

/** A list as it is sent. */
@JsonPropertyOrder({"apiVersion", "kind", "metadata", "items"})
record ListView<T>(String apiVersion, String kind, Meta metadata, List<T> items) {
    /**
     * @param resourceVersion what the list shows; a watch may go on from there
     * @param next given as {@code continue} it brings the rest; absent at the end
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Meta(
            Optional<String> resourceVersion,
            @JsonProperty("continue") Optional<String> next) {}

    /** Said under a table that is not the whole list: to the command line, and to whoever calls by address. */
    static String more(String next) {
        return "There are more: --continue " + next + " (?continue=" + next + ")\n";
    }

    static <T> ListView<T> of(String kind, List<T> items, Optional<Long> version, Optional<String> next) {
        return new ListView<>(Wire.API_VERSION, kind, new Meta(version.map(String::valueOf), next), items);
    }
}
