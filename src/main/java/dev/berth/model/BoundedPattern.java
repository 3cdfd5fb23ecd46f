package dev.berth.model;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A user's pattern, found anywhere in a text, in bounded time: one that backtracks without end is given up, and says so,
 * instead of stopping who searches.
 *
 * <p>It is a regular expression. One that is none ({@code c++}, {@code [api}), or is longer than {@link #LONGEST}, is taken
 * as plain text. Safe for use by many threads.
 */
public final class BoundedPattern {
    /** The longest regular expression that is compiled. API.md allows no longer pattern. */
    public static final int LONGEST = 512;

    private final String plain;
    private final Optional<Pattern> expression;

    private BoundedPattern(String plain, Optional<Pattern> expression) {
        this.plain = plain;
        this.expression = expression;
    }

    /** The answer of a search. */
    public enum Match {
        FOUND,
        ABSENT,
        /** Not told within the limit. Whoever asks takes the careful side. */
        GAVE_UP
    }

    public static BoundedPattern of(String pattern) {
        return new BoundedPattern(pattern, expression(pattern));
    }

    private static Optional<Pattern> expression(String pattern) {
        if (pattern.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            return Optional.of(Pattern.compile(pattern));
        } catch (PatternSyntaxException | StackOverflowError e) {
            return Optional.empty();
        }
    }

    /**
     * Does the text contain what the pattern describes?
     *
     * @param steps characters that the search may read, the same one again and again too; a million take some milliseconds
     */
    public Match find(String text, int steps) {
        if (expression.isEmpty()) {
            return text.contains(plain) ? Match.FOUND : Match.ABSENT;
        }
        try {
            CharSequence counted = new Counted(text, 0, text.length(), new int[] {steps});
            return expression.get().matcher(counted).find() ? Match.FOUND : Match.ABSENT;
        } catch (TooManySteps | StackOverflowError e) {
            // The engine recurses on some patterns; a deep stack is a search without end as well.
            return Match.GAVE_UP;
        } catch (NullPointerException | IndexOutOfBoundsException ofTheEngine) {
            // It compiles some patterns that it then can't search with, such as [a&&] (JDK 17).
            return Match.GAVE_UP;
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
