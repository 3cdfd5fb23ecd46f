package dev.berth.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** For whom one Berth works. Decided at the start ({@code BERTH_MODE}) and never changed while it runs. */
public enum Mode {
    /** For the user who runs it, and root. */
    SINGLE,
    /** For every user of the machine, each with rights of their own; run by root. */
    SHARED;

    /** As it is written in {@code BERTH_MODE}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The mode of this word; empty when there is none. */
    public static Optional<Mode> of(String word) {
        return Arrays.stream(values()).filter(mode -> mode.word().equals(word)).findFirst();
    }
}
