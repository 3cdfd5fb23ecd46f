package dev.berth.api;

import dev.berth.control.Tokens;
import dev.berth.model.Token;
import dev.berth.store.Registry;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The requests that are being answered to holders of tokens. When a token ends, its requests end with it: a watch or a log
 * that is followed would otherwise go on for days.
 */
@Singleton
class TokenUses {
    /** A timer further off than this is not set; no request lasts so long. */
    private static final Duration FAR = Duration.ofDays(30);

    private final OpenUses open;
    private final InstantSource clock;

    TokenUses(Registry registry, Backend backend, Tokens tokens) {
        this.clock = backend.clock();
        this.open = new OpenUses(registry, tokens);
    }

    /** A request has begun. One about tokens is over in a moment, and may be the very one that takes this back. */
    void begin(RoutingContext context, Token token) {
        if (context.normalizedPath().startsWith("/tokens/")) {
            return;
        }
        HttpConnection connection = context.request().connection();
        Runnable over = open.begin(token, connection::close);
        Duration left = Duration.between(clock.instant(), token.expiresAt());
        Optional<Long> timer = left.compareTo(FAR) > 0
                ? Optional.empty()
                : Optional.of(context.vertx().setTimer(Math.max(1, left.toMillis()), id -> connection.close()));
        context.addEndHandler(end -> {
            timer.ifPresent(context.vertx()::cancelTimer);
            over.run();
        });
    }
}
