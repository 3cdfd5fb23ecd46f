package dev.berth.plan;

import dev.berth.model.BoundedPattern;
import dev.berth.model.BoundedPattern.Match;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** Users' patterns ({@link BoundedPattern}), searched in command lines. Safe for use by many threads. */
public final class Patterns {
    /** How much of a command line is searched: as much as the longest that a person would read. */
    public static final int SEARCHED = 4096;

    /** Characters that one search may read: about fifty times the longest input, a few milliseconds. */
    static final int STEPS = 200_000;

    /** More than a machine has declared; beyond it the cache starts anew. */
    private static final int CACHED = 4096;

    private final ConcurrentHashMap<String, BoundedPattern> compiled = new ConcurrentHashMap<>();

    /** Does the text contain what the pattern describes? */
    public Match find(String pattern, String text) {
        return compiled(pattern).find(text.length() > SEARCHED ? text.substring(0, SEARCHED) : text, STEPS);
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

    private BoundedPattern compiled(String pattern) {
        BoundedPattern known = compiled.get(pattern);
        if (known != null) {
            return known;
        }
        if (compiled.size() >= CACHED) {
            compiled.clear();
        }
        BoundedPattern made = BoundedPattern.of(pattern);
        compiled.put(pattern, made);
        return made;
    }
}
