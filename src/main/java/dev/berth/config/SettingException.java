package dev.berth.config;

import java.util.Optional;

/** A setting has a value that it can't have. The message names key, source, value and what is allowed. */
public final class SettingException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String key;
    private final String given;

    SettingException(Setting<?> setting, String source, String given, Optional<String> because) {
        super(setting.key() + " (from " + source + ") is \"" + setting.shown(given) + "\""
                + because.map(text -> ": " + text).orElse("") + "; allowed is " + setting.allowed());
        this.key = setting.key();
        this.given = setting.shown(given);
    }

    public String key() {
        return key;
    }

    public String given() {
        return given;
    }
}
