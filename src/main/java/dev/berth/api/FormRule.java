package dev.berth.api;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Is a request of one meaning? What two readers could understand differently is not read at all. */
final class FormRule {
    /** Headers that decide something, here or in a proxy before us; the first one and the last one may differ. */
    private static final List<String> ONCE =
            List.of("Host", "Origin", "Sec-Fetch-Site", "Content-Type", "Content-Length", "Authorization");

    /** Java's own client sends a lone asterisk. */
    private static final Pattern MEDIA_RANGE =
            Pattern.compile("\\s*+(?:[^/\\s;]++/[^/\\s;]++|\\*)?+\\s*+(?:;.*+)?+", Pattern.DOTALL);

    private FormRule() {}

    /**
     * @param target the request's target as it was sent
     * @return why it is malformed; empty when it may pass
     */
    static Optional<String> refusal(Optional<String> target, MultiMap headers) {
        if (target.filter(text -> text.startsWith("/")).isEmpty()) {
            return Optional.of("the address is a path that begins with /, such as /services");
        }
        // The framework fails at these where two methods share an address.
        if (headers.getAll("Accept").stream().anyMatch(String::isBlank)) {
            return Optional.of("the Accept header is empty; leave it out, or say */*");
        }
        if (headers.getAll("Accept").stream().anyMatch(FormRule::isNoMediaType)) {
            return Optional.of(
                    "the Accept header names what is no media type, such as application/json; leave it out, or"
                            + " say */*");
        }
        if (headers.getAll("Content-Type").stream().anyMatch(FormRule::isNoMediaType)) {
            return Optional.of("the Content-Type header is no media type; say application/json or application/yaml");
        }
        return ONCE.stream()
                .filter(name -> headers.getAll(name).size() > 1)
                .findFirst()
                .map(name -> "the request has several " + name + " headers, and one is wanted");
    }

    private static boolean isNoMediaType(String accept) {
        return Stream.of(accept.split(","))
                .anyMatch(range -> !MEDIA_RANGE.matcher(range).matches());
    }
}
