package dev.berth.app;

import dev.berth.control.Tokens;
import dev.berth.model.Token;
import dev.berth.model.User;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The token that Berth is started with: an administrator's, until Berth is started with another one. Only its hash is kept,
 * and services don't inherit the variable.
 */
final class StartToken {
    static final String VARIABLE = "BERTH_TOKEN";

    private StartToken() {}

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
