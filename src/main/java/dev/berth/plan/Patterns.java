package dev.berth.plan;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Users' patterns, found anywhere in a command line, in bounded time: a pattern that backtracks without end is given up,
 * and says so, instead of stopping the loop.
 *
 * <p>A pattern is a regular expression. One that is none ({@code c++}, {@code [api}), or is longer than {@link #LONGEST},
 * is taken as plain text. Safe for use by many threads.
 */
public final class Patterns {
    /** The longest regular expression that is compiled. API.md allows no longer pattern. */
    public static final int LONGEST = 512;

    /** How much of a command line is searched: as much as the longest that a person would read. */
    public static final int SEARCHED = 4096;

    /** Characters that one search may read: about fifty times the longest input, a few milliseconds. */
    static final int STEPS = 200_000;

    /** More than a machine has declared; beyond it the cache starts anew. */
    private static final int CACHED = 4096;

    private final ConcurrentHashMap<String, Compiled> compiled = new ConcurrentHashMap<>();

    /** The answer of a search. */
    public enum Match {
        FOUND,
        ABSENT,
        /** Not told within the limit. Whoever asks takes the careful side. */
        GAVE_UP
    }

    private sealed interface Compiled {
        record Expression(Pattern pattern) implements Compiled {}

        record Text(String text) implements Compiled {}
    }

    /** Does the text contain what the pattern describes? */
    public Match find(String pattern, String text) {
        String searched = text.length() > SEARCHED ? text.substring(0, SEARCHED) : text;
        Compiled ready = compiled(pattern);
        if (ready instanceof Compiled.Expression expression) {
            return find(expression.pattern(), searched);
        }
        return searched.contains(((Compiled.Text) ready).text()) ? Match.FOUND : Match.ABSENT;
    }

    /** Is one of the patterns found for certain? What was given up does not count. */
    boolean anyFound(List<String> patterns, String text) {
        for (String pattern : patterns) {
            if (find(pattern, text) == Match.FOUND) {
                return true;
            }
        }
        return false;
    }

    private static Match find(Pattern pattern, String text) {
        try {
            return pattern.matcher(new Counted(text, 0, text.length(), new int[] {STEPS}))
                            .find()
                    ? Match.FOUND
                    : Match.ABSENT;
        } catch (TooManySteps | StackOverflowError e) {
            // The engine recurses on some patterns; a deep stack is a search without end as well.
            return Match.GAVE_UP;
        }
    }

    private Compiled compiled(String pattern) {
        Compiled known = compiled.get(pattern);
        if (known != null) {
            return known;
        }
        if (compiled.size() >= CACHED) {
            compiled.clear();
        }
        Compiled made = compile(pattern);
        compiled.put(pattern, made);
        return made;
    }

    private static Compiled compile(String pattern) {
        if (pattern.length() > LONGEST) {
            return new Compiled.Text(pattern);
        }
        try {
            return new Compiled.Expression(Pattern.compile(pattern));
        } catch (PatternSyntaxException | StackOverflowError e) {
            return new Compiled.Text(pattern);
        }
    }

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManySteps() {
            super("the pattern reads its text too often", null, false, false);
        }
    }

    /** A text that lets itself be read a limited number of times. */
    private record Counted(String text, int from, int to, int[] left) implements CharSequence {
        @Override
        public int length() {
            return to - from;
        }

        @Override
        public char charAt(int index) {
            if (--left[0] < 0) {
                throw new TooManySteps();
            }
            return text.charAt(from + index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text, from + start, from + end, left);
        }

        @Override
        public String toString() {
            return text.substring(from, to);
        }
    }
}
