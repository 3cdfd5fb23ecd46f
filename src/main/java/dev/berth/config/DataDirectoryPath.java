package dev.berth.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where Berth keeps its state, and how paths that people write are understood. */
public final class DataDirectoryPath {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private DataDirectoryPath() {}

    /**
     * The data directory: {@code BERTH_DATA_DIR}, else {@code $XDG_STATE_HOME/berth}, else {@code ~/.local/state/berth}.
     *
     * @param base what a relative path starts from
     * @return empty when none is named and there is no home directory to put it in
     * @throws IllegalArgumentException when the path names a variable that isn't set
     */
    public static Optional<Path> resolve(Map<String, String> environment, Path base) {
        Optional<String> named = given(environment, "BERTH_DATA_DIR");
        if (named.isPresent()) {
            return Optional.of(expand(named.get(), environment, base));
        }
        // The base directory specification says that a relative XDG path is invalid and to be ignored.
        Optional<Path> state =
                given(environment, "XDG_STATE_HOME").map(Path::of).filter(Path::isAbsolute);
        return state.or(() -> given(environment, "HOME").map(home -> Path.of(home, ".local", "state")))
                .map(directory -> directory.resolve("berth"));
    }

    /** Expands {@code ~} and <code>${VAR}</code> and makes the path absolute, seen from {@code base}. */
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

    private static Optional<String> given(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
