package dev.berth.api;

import dev.berth.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a caller demands of the present version.
 *
 * @param any {@code *}: there must be one
 * @param tags the versions that will do; empty with {@code any} false demands nothing
 */
record IfMatch(boolean any, List<String> tags) {
    private static final Pattern TAG = Pattern.compile("\\s*(?:(W/)?\"([^\"]*)\"|([A-Za-z0-9]+))\\s*(?:,|$)");
    /** Demands nothing. */
    static final IfMatch NONE = new IfMatch(false, List.of());

    IfMatch {
        tags = List.copyOf(tags);
    }

    /** @param header as sent: {@code "17"}, {@code 17}, a list, or {@code *} */
    static IfMatch parse(Optional<String> header) {
        if (header.isEmpty()) {
            return NONE;
        }
        String text = header.get().strip();
        if (text.equals("*")) {
            return new IfMatch(true, List.of());
        }
        List<String> tags = new ArrayList<>();
        Matcher matcher = TAG.matcher(text);
        int end = 0;
        while (end < text.length() && matcher.find() && matcher.start() == end) {
            // Versions are compared strongly: a weak tag matches none.
            String strong = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
            tags.add(matcher.group(1) == null ? strong : "weak " + strong);
            end = matcher.end();
        }
        if (end < text.length() || tags.isEmpty()) {
            throw Problems.unreadable("If-Match is a version in quotes, such as \"17\", and was " + Wire.quote(text));
        }
        return new IfMatch(false, tags);
    }

    boolean demandsNothing() {
        return !any && tags.isEmpty();
    }

    /** The one version that is demanded; empty when any will do. */
    OptionalLong version() {
        if (any || tags.isEmpty()) {
            return OptionalLong.empty();
        }
        if (tags.size() > 1 || !tags.get(0).matches("[0-9]{1,18}")) {
            throw Problems.unreadable(
                    "If-Match is one version here, such as \"17\", and was " + Wire.quote(String.join(", ", tags)));
        }
        return OptionalLong.of(Long.parseLong(tags.get(0)));
    }

    /**
     * The version to change from; empty when any will do.
     *
     * @param current the service as it is; empty when there is none
     */
    OptionalLong against(Optional<Service> current) {
        if (demandsNothing()) {
            return OptionalLong.empty();
        }
        if (current.isEmpty()) {
            throw Problems.stale("there is no such service, and If-Match demands a version of it");
        }
        long version = current.get().resourceVersion();
        if (any || tags.contains(Long.toString(version))) {
            return OptionalLong.of(version);
        }
        throw Problems.stale("the service is at version " + version + " now, and If-Match demands "
                + Wire.quote(String.join(", ", tags)));
    }
}
