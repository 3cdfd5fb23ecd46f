package dev.berth.api;

import dev.berth.control.Authority;
import dev.berth.control.Tokens;
import dev.berth.model.Caller;
import dev.berth.model.Token;
import dev.berth.model.User;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who a request is from: whom its token stands for, else whose the connection is by the kernel's word. A token that is wrong
 * is refused whoever sends it; without one, a caller whom the kernel doesn't know is a stranger.
 */
final class Authentication {
    /** The token syntax of RFC 6750; the scheme's name is read in any case. */
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/-]+=*) *");

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final Authority authority;
    private final Tokens tokens;
    private final WrongTokens wrong;

    Authentication(Authority authority, Tokens tokens, WrongTokens wrong) {
        this.authority = authority;
        this.tokens = tokens;
        this.wrong = wrong;
    }

    /** Whether somebody is let in. */
    sealed interface Verdict {
        /** @param token that the caller came with */
        record Admitted(Caller caller, Optional<Token> token) implements Verdict {}

        record Refused(int status, String reason) implements Verdict {
            /** RFC 9110: a 401 says how one would get in. */
            Optional<String> challenge() {
                return status == UNAUTHORIZED ? Optional.of("Bearer realm=\"Berth\"") : Optional.empty();
            }
        }
    }

    /**
     * @param user whose the connection is; empty when that is not beyond doubt
     * @param address where it comes from, to count wrong tokens by
     * @param authorization the Authorization headers
     */
    Verdict of(Optional<User> user, String address, List<String> authorization) {
        try {
            return authorization.isEmpty() ? ofConnection(user) : ofToken(user, address, authorization);
        } catch (IOException unreadable) {
            return new Verdict.Refused(
                    UNAVAILABLE,
                    "who you are can't be told, because the users of this machine can't be read: "
                            + unreadable.getMessage());
        }
    }

    private Verdict ofConnection(Optional<User> user) throws IOException {
        if (user.isEmpty()) {
            return new Verdict.Refused(
                    UNAUTHORIZED,
                    "the kernel of this machine does not say which user this connection belongs to, as from another"
                            + " machine or a container; send a token as Authorization: Bearer TOKEN"
                            + " (made on the machine of this Berth with: berth token create NAME)");
        }
        return authority
                .admit(user.get(), Optional.empty())
                .<Verdict>map(caller -> new Verdict.Admitted(caller, Optional.empty()))
                .orElseGet(() -> new Verdict.Refused(
                        FORBIDDEN,
                        authority.welcome() + "; you are " + user.get().display() + ", and can run one of your own"));
    }

    private Verdict ofToken(Optional<User> user, String address, List<String> authorization) throws IOException {
        String peer = user.map(known -> "uid " + known.uid()).orElse(address);
        Matcher matcher = BEARER.matcher(authorization.get(0));
        Optional<Token> token =
                authorization.size() == 1 && matcher.matches() ? tokens.of(matcher.group(1)) : Optional.empty();
        Optional<Caller> caller =
                token.isPresent() ? authority.admit(token.get().owner(), token) : Optional.empty();
        if (caller.isPresent()) {
            // Whatever others send from the same address: a right one is no guess.
            return new Verdict.Admitted(caller.get(), token);
        }
        // What can't be one, such as another scheme's words, opens nothing however often it is tried.
        boolean isGuess = authorization.size() == 1
                && matcher.matches()
                && matcher.group(1).length() >= Tokens.SHORTEST;
        if (isGuess && wrong.areTooMany(peer)) {
            return new Verdict.Refused(
                    TOO_MANY, "too many wrong tokens came from here; wait a minute, and look at the one that is sent");
        }
        if (isGuess) {
            wrong.another(peer);
        }
        return new Verdict.Refused(
                UNAUTHORIZED,
                "the token is not one of this Berth's, or has expired, or was revoked; make another one with:"
                        + " berth token create NAME");
    }
}
