package dev.berth.config;

/** Where values of settings come from; an earlier one wins over a later one. */
public enum SettingLayer {
    COMMAND_LINE,
    ENVIRONMENT,
    /** What was set through {@code PATCH /settings}. */
    REST,
    DOT_ENV,
    /** What a {@code berth.yaml} says that was applied. */
    FILE,
    DEFAULT;

    /** Was it decided when Berth was started, so that nothing said later can change it? */
    public boolean isForced() {
        return this == COMMAND_LINE || this == ENVIRONMENT;
    }
}
