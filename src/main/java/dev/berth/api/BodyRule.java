package dev.berth.api;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which content types a change may have: those that a form of a foreign page can't send. */
final class BodyRule {
    private static final Set<String> CHANGES = Set.of("POST", "PUT", "PATCH", "DELETE");
    private static final Set<String> TYPES = Set.of(
            "application/json", "application/yaml", "application/x-yaml", "text/yaml", "application/merge-patch+json");

    private BodyRule() {}

    /** Does a request of this method change something? */
    static boolean changes(String method) {
        return CHANGES.contains(method);
    }

    /**
     * @param contentType the Content-Type header
     * @param hasBody whether the request says that a body follows
     * @return why the media type is not supported; empty when it may pass
     */
    static Optional<String> refusal(String method, Optional<String> contentType, boolean hasBody) {
        if (!changes(method) || !hasBody) {
            return Optional.empty();
        }
        String type = contentType.orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (TYPES.contains(type)) {
            return Optional.empty();
        }
        return Optional.of((type.isEmpty() ? "the body has no Content-Type" : "the Content-Type is " + type)
                + "; allowed are application/json and application/yaml");
    }
}
