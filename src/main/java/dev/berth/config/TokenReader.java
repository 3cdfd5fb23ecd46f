package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.model.ServiceKey;
import dev.berth.model.Token;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads wishes for tokens. */
public final class TokenReader {
    /** What nobody thinks of any longer ends by itself. */
    public static final Duration DEFAULT_TTL = Duration.ofDays(90);

    private static final Duration SHORTEST_TTL = Duration.ofSeconds(1);
    private static final Duration LONGEST_TTL = Duration.ofDays(3650);
    /** Of a label (RFC 1123). */
    private static final int LONGEST_NAME = 63;

    private static final List<String> SCOPES = List.of("read", "manage", "admin");

    private TokenReader() {}

    /** What is wanted. */
    public record Wish(String name, Token.Scope scope, boolean onlyOwn, Duration ttl) {}

    public static Reading<Wish> read(JsonNode tree) {
        Faults faults = new Faults();
        Fields fields = Fields.of(tree, "", "a token", faults);
        Optional<String> name = fields.text("name", LONGEST_NAME);
        if (name.filter(ServiceKey::isLabel).isEmpty()) {
            faults.add(
                    "name",
                    "what it is called: 1 to 63 lower-case letters, digits and inner hyphens",
                    tree.path("name").asText(""));
        }
        Optional<Token.Scope> scope =
                fields.word("scope", SCOPES, "a scope").map(word -> Token.Scope.valueOf(word.toUpperCase(Locale.ROOT)));
        if (scope.isEmpty() && !fields.has("scope")) {
            faults.add("scope", "how much it may: read, manage or admin", "");
        }
        boolean onlyOwn = fields.flag("onlyOwn").orElse(false);
        Duration ttl = fields.duration("ttl", SHORTEST_TTL, LONGEST_TTL).orElse(DEFAULT_TTL);
        fields.end();
        return faults.isEmpty()
                ? new Reading.Valid<>(
                        new Wish(name.orElse(""), scope.orElse(Token.Scope.READ), onlyOwn, ttl), faults.warnings())
                : faults.refused();
    }
}
