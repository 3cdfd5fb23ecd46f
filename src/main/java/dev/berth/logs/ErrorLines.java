package dev.berth.logs;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Chooses the lines that tell of an error, and what belongs to them. For one log, line by line, in order.
 *
 * <p>An error is a line with
 *
 * <ul>
 *   <li>one of the words ERROR, FATAL, CRITICAL, SEVERE, EMERG, ALERT or PANIC, or {@code ERR!}, in capitals: in small
 *       letters they are part of sentences such as "0 errors";
 *   <li>a level in small letters where it is marked as one: {@code [error]}, {@code level=error}, {@code "severity":"fatal"};
 *   <li>{@code error:}, {@code fatal:}, {@code panic:} or {@code fatal error:} in any letters, a name's end included ({@code TypeError:});
 *   <li>a word that ends in Exception ({@code java.io.IOException}), {@code Traceback (most recent call last)}, {@code panicked at},
 *       or {@code Segmentation fault}.
 * </ul>
 *
 * <p>What belongs to it are the lines of a stack trace that follow: indented ones, {@code at …}, {@code Caused by: …}, the
 * last line of a Python traceback, Go's goroutines, a Rust panic's message; at most {@link #LONGEST_TRACE}.
 */
final class ErrorLines implements Predicate<String> {
    /** A trace that never ends is an indented text. */
    static final int LONGEST_TRACE = 500;

    private static final Pattern ERROR = Pattern.compile("\\b(?:ERROR|FATAL|CRITICAL|SEVERE|EMERG|ALERT|PANIC)\\b"
            + "|\\bERR!"
            + "|(?i:[\\[<](?:error|fatal|critical|crit|panic|alert|emerg)[\\]>])"
            + "|(?i:\\b(?:level|lvl|severity)[\"']?\\s?[=:]\\s?[\"']?(?:error|fatal|critical|crit|panic|alert|emerg)\\b)"
            + "|(?i:(?:error|\\bfatal|\\bpanic):)"
            + "|Exception\\b"
            + "|Traceback \\(most recent call last\\)"
            + "|\\bpanicked at\\b"
            + "|\\bSegmentation fault\\b");

    /** Every error has one of these, in whatever letters; far quicker to seek than the pattern, and most lines have none. */
    private static final List<String> HINTS = List.of(
            "err", "fatal", "crit", "severe", "emerg", "alert", "panic", "exception", "traceback", "segmentation");

    private static final Pattern CONTINUED = Pattern.compile("\\s+\\S.*"
            + "|at \\S.*"
            + "|Caused by: .*"
            + "|During handling of the above exception.*"
            + "|The above exception was the direct cause.*"
            + "|stack backtrace:.*"
            + "|note: .*");

    private static final Pattern GOROUTINES =
            Pattern.compile("goroutine \\d+ \\[.*|created by .*|exit status \\d+|[\\w./*()\\[\\]{}-]+\\(.*\\)");

    private enum Trace {
        NONE,
        INDENTED,
        /** Ends with the first line that is not indented, which names the exception. */
        PYTHON,
        /** Has a message in the next line, whatever that looks like. */
        RUST,
        /** Has lines that are not indented, and blank ones. */
        GO
    }

    private Trace trace = Trace.NONE;
    private int taken;

    @Override
    public boolean test(String line) {
        if (trace != Trace.NONE && taken < LONGEST_TRACE && continues(line)) {
            taken++;
            return true;
        }
        trace = looksLikeError(line) ? begun(line) : Trace.NONE;
        taken = 0;
        return trace != Trace.NONE;
    }

    private static boolean looksLikeError(String line) {
        String small = line.toLowerCase(Locale.ROOT);
        for (String hint : HINTS) {
            if (small.contains(hint)) {
                return ERROR.matcher(line).find();
            }
        }
        return false;
    }

    private static Trace begun(String line) {
        if (line.contains("Traceback (most recent call last)")) {
            return Trace.PYTHON;
        }
        if (line.contains("panicked at")) {
            return Trace.RUST;
        }
        return line.startsWith("panic:") || line.startsWith("fatal error:") ? Trace.GO : Trace.INDENTED;
    }

    private boolean continues(String line) {
        Trace before = trace;
        if (CONTINUED.matcher(line).matches()) {
            // Its message stood in the first line.
            trace = before == Trace.RUST ? Trace.INDENTED : before;
            return true;
        }
        return switch (before) {
            case GO -> line.isBlank() || GOROUTINES.matcher(line).matches();
            case PYTHON, RUST -> {
                // This one still, and then only what is indented.
                trace = Trace.INDENTED;
                yield !line.isBlank();
            }
            default -> false;
        };
    }
}
