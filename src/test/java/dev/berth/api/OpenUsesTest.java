package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.Tokens;
import dev.berth.model.Caller;
import dev.berth.model.Token;
import dev.berth.model.User;
import dev.berth.store.JournalRegistry;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoredSamples;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenUsesTest {
    private static final Caller ANN = Caller.owner(User.of(1000, "ann"));

    private final InstantSource clock = InstantSource.fixed(StoredSamples.NOON);
    private final List<String> hungUp = new ArrayList<>();
    private Tokens tokens;
    private OpenUses uses;
    private Token token;

    @BeforeEach
    void open() throws Exception {
        JournalRegistry registry = JournalRegistry.open(new MemoryStore(), clock, () -> 0, Runnable::run);
        tokens = new Tokens(registry, clock, () -> "id-" + registry.resourceVersion(), Optional.empty());
        uses = new OpenUses(registry, tokens);
        token = made();
    }

    private Token made() throws Exception {
        return ((Tokens.Made.Done) tokens.make("ci", Token.Scope.READ, false, Duration.ofHours(1), ANN)).token();
    }

    @Test
    void whatGoesOnEndsWithTheTokenAndWhatIsOverIsLeftAlone() throws Exception {
        Runnable over = uses.begin(token, () -> hungUp.add("first"));
        uses.begin(token, () -> hungUp.add("second"));
        over.run();
        tokens.revoke("ci", ANN);
        assertThat(hungUp).containsExactly("second");
    }

    @Test
    void whatBeginsWhileTheTokenIsRevokedEndsAtOnce() throws Exception {
        tokens.revoke("ci", ANN);
        made();
        uses.begin(token, () -> hungUp.add("late"));
        assertThat(hungUp).containsExactly("late");
    }
}
