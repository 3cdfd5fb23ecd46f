package dev.berth.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Places in a text that are filled when ports are assigned: {@code {port}} is the service's own, {@code {services.NAME.port}},
 * {@code .host} and {@code .url} are those of a service of the same namespace.
 *
 * <p>Nothing else in braces is touched: JSON, a list such as <code>{a,b}</code>, a shell's <code>${port}</code>, and the
 * doubled braces of other template languages are left as they are. A text that begins like {@code {services.} and goes on
 * wrongly is <em>malformed</em>, because it is a slip rather than somebody else's language.
 */
public final class PortTemplate {
    /** What there is, for people. */
    public static final String ALLOWED =
            "{port}, {services.NAME.port}, {services.NAME.host} or {services.NAME.url} with the name of a service";

    private static final Pattern SHAPE = Pattern.compile("(?<![{$])\\{(?:port|services\\.([A-Za-z0-9_.-]*))}");

    private PortTemplate() {}

    /** What of a service is told. */
    public enum Facet {
        PORT,
        /** Where it listens, as a client reaches it: an IPv6 address without brackets. */
        HOST,
        /** Scheme, host and port, without a slash at the end. */
        URL
    }

    /**
     * What stands for one place.
     *
     * @param service whose; empty for the service itself
     */
    public record Reference(Optional<String> service, Facet facet) {
        /** {@code {port}}. */
        public static final Reference OWN = new Reference(Optional.empty(), Facet.PORT);
    }

    /** The places of the text that look like templates and are none. */
    public static List<String> malformed(String text) {
        return SHAPE.matcher(text)
                .results()
                .filter(found -> reference(found).isEmpty())
                .map(MatchResult::group)
                .toList();
    }

    /** What the text refers to, each once, in the order of the text. */
    public static Set<Reference> references(String text) {
        Set<Reference> references = new LinkedHashSet<>();
        SHAPE.matcher(text).results().forEach(found -> reference(found).ifPresent(references::add));
        return references;
    }

    /** The text with every reference replaced; what is malformed stays as it is. */
    public static String fill(String text, Function<Reference, String> values) {
        return SHAPE.matcher(text)
                .replaceAll(found ->
                        Matcher.quoteReplacement(reference(found).map(values).orElseGet(found::group)));
    }

    private static Optional<Reference> reference(MatchResult found) {
        String path = found.group(1);
        if (path == null) {
            return Optional.of(Reference.OWN);
        }
        // The name has no dot: it is a DNS label.
        int dot = path.indexOf('.');
        if (dot < 0 || !ServiceKey.isLabel(path.substring(0, dot))) {
            return Optional.empty();
        }
        String word = path.substring(dot + 1);
        for (Facet facet : Facet.values()) {
            if (facet.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(new Reference(Optional.of(path.substring(0, dot)), facet));
            }
        }
        return Optional.empty();
    }
}
