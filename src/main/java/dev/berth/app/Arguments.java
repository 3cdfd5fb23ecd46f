package dev.berth.app;

import dev.berth.config.SettingCatalog;
import dev.berth.model.PathText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code berth serve} was called with: {@code [-f FILE] [--set KEY=VALUE]...}
 *
 * @param named the file as it was written
 * @param settings by key
 */
record Arguments(Optional<String> named, Map<String, String> settings) {
    private static final String FILE = "--file";
    private static final String SET = "--set";

    Arguments {
        settings = Map.copyOf(settings);
    }

    /** @throws StartException telling what was not understood */
    static Arguments parse(List<String> arguments) throws StartException {
        Optional<String> file = Optional.empty();
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            String option = equals < 0 ? argument : argument.substring(0, equals);
            if (!List.of("-f", FILE, SET).contains(option)) {
                throw wrong("serve knows -f FILE and --set KEY=VALUE, and was given \"" + argument + "\"");
            }
            if (equals < 0 && i + 1 == arguments.size()) {
                throw wrong(option + " needs " + (option.equals(SET) ? "KEY=VALUE" : "a file") + " after it");
            }
            String value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
            if (option.equals(SET)) {
                set(value, settings);
            } else if (file.isPresent()) {
                throw wrong("serve watches one file, and was given \"" + file.get() + "\" and \"" + value
                        + "\"; apply the other with POST /apply");
            } else {
                file = Optional.of(value);
            }
        }
        return new Arguments(file, settings);
    }

    private static void set(String text, Map<String, String> settings) throws StartException {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw wrong(
                    SET + " wants KEY=VALUE, such as conflicts.strategy=conservative, and was given \"" + text + "\"");
        }
        String key = text.substring(0, equals).strip();
        if (!SettingCatalog.knows(key)) {
            throw wrong(SET + " " + key + ": " + SettingCatalog.unknown(key));
        }
        if (settings.put(key, text.substring(equals + 1)) != null) {
            throw wrong(SET + " " + key + " comes twice");
        }
    }

    /**
     * Where the named file lies.
     *
     * @throws StartException when there is no such file: a slip is better told at once than watched for
     */
    Optional<Path> file(Map<String, String> environment, Path caller) throws StartException {
        if (named.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path path = PathText.expand(named.get(), environment, caller);
            if (Files.isRegularFile(path)) {
                return Optional.of(path);
            }
            throw wrong("-f " + named.get() + ": " + path + (Files.exists(path) ? " is no file" : " does not exist"));
        } catch (IllegalArgumentException unusable) {
            throw wrong("-f " + named.get() + ": " + unusable.getMessage());
        }
    }

    private static StartException wrong(String message) {
        return new StartException(StartException.WRONG_VALUE, message);
    }
}
