package dev.berth.control;

import dev.berth.model.AuditEntry;
import dev.berth.model.AuditEntry.Target;
import dev.berth.model.Caller;
import dev.berth.model.Outcome;
import dev.berth.model.Token;
import dev.berth.model.Token.Scope;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Makes tokens, tells whose a secret is, and takes tokens back at once. */
public final class Tokens {
    /** Begins every secret, so that people and scanners of leaked secrets know what they see. */
    public static final String PREFIX = "berth_";

    /** No secret is shorter, whoever made it up: shorter ones can be guessed by trying. */
    public static final int SHORTEST = 16;

    /** A person, their editors and their pipelines have a few each; every request with a token looks at all of them. */
    static final int MOST = 1000;

    /** No more than these are one user's. */
    static final int MOST_OF_ONE = 50;

    private static final int SECRET_BYTES = 32;

    private final Registry registry;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final Optional<Token> start;
    private final SecureRandom random = new SecureRandom();

    /** @param start the one that this Berth was started with: never listed, and revoked by starting without it */
    public Tokens(Registry registry, InstantSource clock, Supplier<String> ids, Optional<Token> start) {
        this.registry = registry;
        this.clock = clock;
        this.ids = ids;
        this.start = start;
    }

    /** What came of a wish for a token. */
    public sealed interface Made {
        /** @param secret shown this once */
        record Done(Token token, String secret) implements Made {}

        /** There are enough, or the name is taken. */
        record Refused(String reason) implements Made {}
    }

    /** Makes one; the caller's rights to do so have been looked at. */
    public Made make(String name, Scope scope, boolean onlyOwn, Duration ttl, Caller caller)
            throws StoreException, StaleVersionException {
        Instant now = clock.instant();
        ChangeSet.Builder changes = ChangeSet.builder();
        // Room for new ones, and their names again.
        List<Token> present = registry.tokens().stream()
                .filter(each -> {
                    if (each.isExpired(now)) {
                        changes.delete(each).audit(audit(now, caller, Audits.TOKEN_REVOKED, each, "it had expired"));
                    }
                    return !each.isExpired(now);
                })
                .toList();
        if (present.stream().anyMatch(each -> each.name().equals(name))) {
            return new Made.Refused("there is a token " + name + " already; revoke it, or choose another name");
        }
        long own = present.stream()
                .filter(each -> each.owner().uid() == caller.user().uid())
                .count();
        if (own >= MOST_OF_ONE || present.size() >= MOST) {
            return new Made.Refused(
                    "there are " + (own >= MOST_OF_ONE ? own + " tokens of yours" : present.size() + " tokens")
                            + ", which is the most there may be; revoke some");
        }
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        // One of that name has expired, else it had been refused: the new one takes its place.
        long replaced = registry.tokens().stream()
                .filter(each -> each.name().equals(name))
                .mapToLong(Token::resourceVersion)
                .findFirst()
                .orElse(0);
        Token token =
                new Token(name, ids.get(), caller.user(), scope, onlyOwn, hash(secret), now, now.plus(ttl), replaced);
        changes.put(token).audit(audit(now, caller, Audits.TOKEN_CREATED, token, "asked for"));
        List<?> stored = registry.commit(changes.build());
        return new Made.Done((Token) stored.get(stored.size() - 1), secret);
    }

    /** Those that the caller may see: their own, or all. By name. */
    public List<Token> list(Caller caller) {
        return registry.tokens().stream().filter(each -> isOf(each, caller)).toList();
    }

    /** Takes one of the caller's back, at once; empty when the caller has none of this name. */
    public Optional<Token> revoke(String name, Caller caller) throws StoreException, StaleVersionException {
        Optional<Token> found =
                list(caller).stream().filter(each -> each.name().equals(name)).findFirst();
        if (found.isPresent()) {
            registry.commit(ChangeSet.builder()
                    .delete(found.get())
                    .audit(audit(clock.instant(), caller, Audits.TOKEN_REVOKED, found.get(), "asked for"))
                    .build());
        }
        return found;
    }

    private static boolean isOf(Token token, Caller caller) {
        return caller.administrator() || token.owner().uid() == caller.user().uid();
    }

    /** The token with this secret that is valid now. Compares with every one, so that time tells nothing. */
    public Optional<Token> of(String secret) {
        String hash = hash(secret);
        Optional<Token> found = start.filter(each -> isSame(hash, each.hash()));
        for (Token each : registry.tokens()) {
            if (isSame(hash, each.hash())) {
                found = Optional.of(each);
            }
        }
        return found.filter(each -> !each.isExpired(clock.instant()));
    }

    /** Is this very one there still, neither revoked nor replaced by another of its name? */
    public boolean has(Token token) {
        return Stream.concat(start.stream(), registry.tokens().stream())
                .anyMatch(each -> each.id().equals(token.id()));
    }

    /** In constant time. */
    private static boolean isSame(String hash, String other) {
        return MessageDigest.isEqual(
                hash.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    /** What is kept of a secret. */
    public static String hash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }

    private static AuditEntry audit(Instant at, Caller caller, String action, Token token, String reason) {
        return new AuditEntry(
                at,
                caller.actor(),
                action,
                new Target("Token", Optional.empty(), token.name()),
                reason,
                Outcome.SUCCEEDED,
                "of " + token.owner().display() + ", scope "
                        + token.scope().name().toLowerCase(java.util.Locale.ROOT)
                        + (token.onlyOwn() ? ", only its own" : "") + ", until " + token.expiresAt(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
