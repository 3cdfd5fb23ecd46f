package dev.berth.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * One thing that can be set.
 *
 * @param key dotted path, such as {@code conflicts.homeAfter}
 * @param meaning one sentence for the reference
 * @param allowed what a value may be, for people
 * @param defaultText the default, written as a user would
 * @param parser makes a value of its text; throws {@link IllegalArgumentException} when it isn't one
 * @param structure of one whose text is JSON, and may hold secrets
 * @param decidesWhoGetsIn never taken from a {@code .env} file, which may come with a stranger's clone
 */
public record Setting<T>(
        String key,
        String meaning,
        String allowed,
        String defaultText,
        Function<String, T> parser,
        boolean decidesWhoGetsIn,
        Optional<Structure> structure) {
    /** One whose value is a word or a list of words. */
    public Setting(
            String key,
            String meaning,
            String allowed,
            String defaultText,
            Function<String, T> parser,
            boolean decidesWhoGetsIn) {
        this(key, meaning, allowed, defaultText, parser, decidesWhoGetsIn, Optional.empty());
    }

    /** A text of its as it may be shown. */
    public String shown(String text) {
        return structure.map(each -> each.shown(text)).orElse(text);
    }

    /** The environment variable that sets it: {@code BERTH_CONFLICTS_HOME_AFTER}. */
    public String environmentName() {
        String snake = key.replaceAll("([a-z])([A-Z])", "$1_$2").replace('.', '_');
        return "BERTH_" + snake.toUpperCase(Locale.ROOT);
    }

    /**
     * The value of a text.
     *
     * @throws SettingException naming the key, its source, what was given and what is allowed
     */
    T parse(String text, String source) throws SettingException {
        try {
            return parser.apply(text.strip());
        } catch (IllegalArgumentException refused) {
            throw new SettingException(this, source, text, Optional.ofNullable(refused.getMessage()));
        }
    }
}
