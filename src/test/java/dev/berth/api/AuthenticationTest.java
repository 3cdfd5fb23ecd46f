package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.Authentication.Verdict;
import dev.berth.control.Authority;
import dev.berth.control.Tokens;
import dev.berth.host.UserDirectory;
import dev.berth.model.Mode;
import dev.berth.model.Token;
import dev.berth.model.User;
import dev.berth.store.JournalRegistry;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong tokens among right ones. */
class AuthenticationTest {
    private static final User ANN = User.of(1001, "ann");
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final String SECRET = "berth_right-one-of-enough-characters";
    private static final String ADDRESS = "192.0.2.1";

    private static final UserDirectory USERS = new UserDirectory() {
        @Override
        public User of(long uid) {
            return ANN;
        }

        @Override
        public Optional<User> named(String name) {
            return Optional.of(ANN);
        }

        @Override
        public boolean isMember(User user, String group) {
            return false;
        }
    };

    private final JournalRegistry registry = open();
    private final Authentication authentication = new Authentication(
            new Authority(Mode.SINGLE, ANN, USERS, () -> "berth-admin"),
            new Tokens(
                    registry,
                    InstantSource.fixed(NOW),
                    () -> "id",
                    Optional.of(new Token(
                            "ci",
                            "ci",
                            ANN,
                            Token.Scope.ADMIN,
                            false,
                            Tokens.hash(SECRET),
                            NOW,
                            NOW.plusSeconds(60),
                            0))),
            new WrongTokens(() -> 0));

    private static JournalRegistry open() {
        try {
            return JournalRegistry.open(new MemoryStore(), InstantSource.fixed(NOW), () -> 0, Runnable::run);
        } catch (StoreException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @AfterEach
    void close() throws Exception {
        registry.close();
    }

    private Verdict of(String secret) {
        return authentication.of(Optional.empty(), ADDRESS, List.of("Bearer " + secret));
    }

    @Test
    void wrongTokensAreBoundedAndLockNoRightOneOutThatComesFromTheSameAddress() {
        for (int i = 0; i < WrongTokens.MOST; i++) {
            assertThat(of("a-guess-of-a-token-" + i))
                    .isInstanceOfSatisfying(
                            Verdict.Refused.class,
                            refused -> assertThat(refused.status()).isEqualTo(401));
        }
        assertThat(of("one-more-guess-of-a-token"))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.status()).isEqualTo(429));
        assertThat(of(SECRET)).isInstanceOf(Verdict.Admitted.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer x", "Bearer guess-x", "Basic cm9vdDpyb290OnBhc3M=", "Bearer a b", ""})
    void whatCanBeNoTokenIsNoGuess(String header) {
        for (int i = 0; i <= WrongTokens.MOST; i++) {
            assertThat(authentication.of(Optional.empty(), ADDRESS, List.of(header)))
                    .isInstanceOfSatisfying(
                            Verdict.Refused.class,
                            refused -> assertThat(refused.status()).isEqualTo(401));
        }
        assertThat(of("the-first-guess-of-all"))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.status()).isEqualTo(401));
    }
}
