package dev.berth.model;

import java.time.Duration;
import java.util.Locale;

/** Amounts as people read them. For programs there are plain numbers beside each. */
public final class Units {
    private static final String[] SIZES = {"KB", "MB", "GB", "TB", "PB"};

    private Units() {}

    /** {@code 812 MB}; a kilobyte has 1024 bytes, as files and memory do. Small numbers get a decimal. */
    public static String bytes(double bytes) {
        if (bytes < 1024) {
            return Math.round(bytes) + " B";
        }
        double amount = bytes / 1024;
        int unit = 0;
        // What would be written as 1024 is 1 of the next.
        while (amount >= 1023.5 && unit < SIZES.length - 1) {
            amount /= 1024;
            unit++;
        }
        return number(amount) + " " + SIZES[unit];
    }

    /** {@code 12 ms}, {@code 3.2 s}, {@code 5 min 3 s}, {@code 3 h 12 min}, {@code 4 d 7 h}. */
    public static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return number(millis / 1000.0) + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
        }
        return seconds < 86_400
                ? seconds / 3600 + " h " + seconds % 3600 / 60 + " min"
                : seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
    }

    /** A fraction as {@code 3.1 %}. */
    public static String percent(double fraction) {
        return number(fraction * 100) + " %";
    }

    /** Below 10 with a decimal where that says something, above without. */
    private static String number(double amount) {
        return amount >= 9.95 || Math.round(amount * 10) % 10 == 0
                ? Long.toString(Math.round(amount))
                : String.format(Locale.ROOT, "%.1f", amount);
    }
}
