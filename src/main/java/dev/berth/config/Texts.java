package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What people wrote, quoted back to them; and the word they may have meant. */
final class Texts {
    /** What is quoted of an input; enough to recognise it, too little to fill a screen. */
    private static final int QUOTED = 120;

    /** Longer words are not compared: they are no typing slip of one of ours. */
    private static final int COMPARED = 64;

    /** So many characters that two words share by no accident. */
    private static final int TELLING = 3;

    private Texts() {}

    static String shorten(String text) {
        if (text.length() <= QUOTED) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(QUOTED - 1)) ? QUOTED - 1 : QUOTED;
        return text.substring(0, end) + "…";
    }

    /** A value as it was given. */
    static String given(JsonNode value) {
        if (value.isObject()) {
            return value.isEmpty() ? "{}" : "a map with " + value.size() + (value.size() == 1 ? " entry" : " entries");
        }
        return value.isArray() && value.size() > 20
                ? "a list of " + value.size()
                : shorten(value.isTextual() ? value.textValue() : value.toString());
    }

    /** The known word that is nearest to this one, when it is near enough to be what was meant. */
    static Optional<String> nearest(String word, Collection<String> known) {
        String plain = plain(word);
        if (plain.length() > COMPARED) {
            return Optional.empty();
        }
        return known.stream()
                .filter(each -> isNear(plain, plain(each)))
                .min(Comparator.comparingInt((String each) -> distance(plain, plain(each)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** By a slip of the fingers, or as other tools call it: {@code health} and {@code healthCheck}, {@code restart} and {@code autoRestart}. */
    private static boolean isNear(String word, String known) {
        boolean within = Math.min(word.length(), known.length()) >= TELLING
                && (known.startsWith(word) || known.endsWith(word) || word.startsWith(known));
        return within || distance(word, known) <= Math.max(1, word.length() / 2);
    }

    /** {@code ; did you mean "port"?}, or nothing. */
    static String didYouMean(String word, Collection<String> known) {
        return nearest(word, known)
                .map(each -> "; did you mean \"" + each + "\"?")
                .orElse("");
    }

    private static String plain(String word) {
        return word.replaceAll("[-_\\s]", "").toLowerCase(Locale.ROOT);
    }

    /** Levenshtein's: how many characters must be put in, taken out or replaced. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
