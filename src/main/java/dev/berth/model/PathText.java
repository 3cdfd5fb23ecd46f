package dev.berth.model;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Paths as people write them: from the home directory ({@code ~}), or with variables of the environment. */
public final class PathText {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private PathText() {}

    /**
     * Expands {@code ~} and <code>${VAR}</code> and makes the path absolute, seen from {@code base}.
     *
     * @throws IllegalArgumentException when it names a variable that isn't set, or is no path
     */
    public static Path expand(String text, Map<String, String> environment, Path base) {
        String expanded = text;
        if (text.equals("~") || text.startsWith("~/")) {
            expanded = given(environment, "HOME")
                            .orElseThrow(() -> new IllegalArgumentException(
                                    "\"" + text + "\" starts from the home directory, and HOME is not set"))
                    + text.substring(1);
        }
        Matcher matcher = VARIABLE.matcher(expanded);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1);
            String value = given(environment, name)
                    .orElseThrow(() ->
                            new IllegalArgumentException("\"" + text + "\" names ${" + name + "}, which is not set"));
            matcher.appendReplacement(result, Matcher.quoteReplacement(value));
        }
        matcher.appendTail(result);
        return base.resolve(result.toString()).toAbsolutePath().normalize();
    }

    /** The value of a variable; a blank one counts as not set. */
    public static Optional<String> given(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
