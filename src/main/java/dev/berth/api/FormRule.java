package dev.berth.api;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;

/** Is a request of one meaning? What two readers could understand differently is not read at all. */
final class FormRule {
    /** Headers that decide something, here or in a proxy before us; the first one and the last one may differ. */
    private static final List<String> ONCE =
            List.of("Host", "Origin", "Sec-Fetch-Site", "Content-Type", "Content-Length", "Authorization");

    private FormRule() {}

    /**
     * @param target the request's target as it was sent
     * @return why it is malformed; empty when it may pass
     */
    static Optional<String> refusal(Optional<String> target, MultiMap headers) {
        if (target.filter(text -> text.startsWith("/")).isEmpty()) {
            return Optional.of("the address is a path that begins with /, such as /services");
        }
        if (headers.getAll("Accept").stream().anyMatch(String::isBlank)) {
            // The framework fails at it.
            return Optional.of("the Accept header is empty; leave it out, or say */*");
        }
        return ONCE.stream()
                .filter(name -> headers.getAll(name).size() > 1)
                .findFirst()
                .map(name -> "the request has several " + name + " headers, and one is wanted");
    }
}
