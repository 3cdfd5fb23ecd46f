package dev.berth.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 512KB}, {@code 10MB}, {@code 1GB}; a kilobyte has 1024 bytes, as files and memory do. */
public final class Sizes {
    /** What {@link #parse} takes, for error messages. */
    public static final String ALLOWED = "a size such as 512KB, 10MB or 1GB";

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(KB|MB|GB)");

    private Sizes() {}

    /** Reads one, in bytes; throws {@link IllegalArgumentException} with a sentence when it isn't one. */
    public static long parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("that is not " + ALLOWED);
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "KB" -> amount << 10;
            case "MB" -> amount << 20;
            default -> amount << 30;
        };
    }
}
