package dev.berth.app;

import dev.berth.control.Tokens;
import dev.berth.model.Token;
import dev.berth.model.User;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The token that Berth is started with: an administrator's, until Berth is started with another one. Only its hash is kept,
 * and services don't inherit the variable.
 */
final class StartToken {
    static final String VARIABLE = "BERTH_TOKEN";

    /** Where the token lies instead, in the first line, such as a container's secret: a file is read by fewer than a variable. */
    static final String FILE_VARIABLE = "BERTH_TOKEN_FILE";

    /** Of a file: far more than a token, far less than what a mistaken path may lead to. */
    private static final int MOST_BYTES = 4096;

    private StartToken() {}

    /**
     * The environment with the token that a file holds. A token in the variable itself comes first, as on the command line.
     *
     * @param caller where a relative path starts
     * @throws StartException when the file can't be read or its first line is empty
     */
    static Map<String, String> withFile(Map<String, String> environment, Path caller) throws StartException {
        String file = environment.getOrDefault(FILE_VARIABLE, "");
        if (file.isEmpty() || !environment.getOrDefault(VARIABLE, "").isEmpty()) {
            return environment;
        }
        Map<String, String> all = new HashMap<>(environment);
        all.put(VARIABLE, firstLine(caller.resolve(file)));
        return Map.copyOf(all);
    }

    private static String firstLine(Path file) throws StartException {
        String found;
        try (InputStream stream = Files.newInputStream(file)) {
            found = new String(stream.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException refused) {
            throw wrongFile(file, "which can't be read (" + refused.getClass().getSimpleName() + ")");
        }
        return found.lines()
                .findFirst()
                .filter(line -> !line.isEmpty())
                .orElseThrow(() -> wrongFile(file, "whose first line is empty"));
    }

    private static StartException wrongFile(Path file, String why) {
        return new StartException(
                StartException.WRONG_VALUE,
                FILE_VARIABLE + " is \"" + file + "\", " + why
                        + "; name a file with a token in its first line, or unset it");
    }

    /**
     * Looks at it before anything is opened.
     *
     * @throws StartException when it can't be a token; the message doesn't say what was given
     */
    static boolean isGiven(Map<String, String> environment) throws StartException {
        String given = environment.getOrDefault(VARIABLE, "");
        if (given.isEmpty()) {
            return false;
        }
        if (!given.matches("[A-Za-z0-9._~+/-]{" + Tokens.SHORTEST + ",256}=*")) {
            throw new StartException(
                    StartException.WRONG_VALUE,
                    VARIABLE + " (not shown) is no token: allowed are " + Tokens.SHORTEST
                            + " to 256 letters, digits and . _ ~ + / -, such as those of: openssl rand -hex 32");
        }
        return true;
    }

    static Optional<Token> of(Map<String, String> environment, User owner, Instant start) {
        return Optional.ofNullable(environment.get(VARIABLE))
                .filter(given -> !given.isEmpty())
                .map(given -> new Token(
                        VARIABLE,
                        VARIABLE,
                        owner,
                        Token.Scope.ADMIN,
                        false,
                        Tokens.hash(given),
                        start,
                        Instant.MAX,
                        0));
    }
}
