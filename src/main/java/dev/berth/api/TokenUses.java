package dev.berth.api;

import dev.berth.model.ObjectRef;
import dev.berth.model.Token;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The requests that are being answered to holders of tokens. When a token ends, its requests end with it: a watch or a log
 * that is followed would otherwise go on for days.
 */
@Singleton
class TokenUses {
    /** A timer further off than this is not set; no request lasts so long. */
    private static final Duration FAR = Duration.ofDays(30);

    private final Map<String, Set<HttpConnection>> open = new ConcurrentHashMap<>();
    private final InstantSource clock;

    TokenUses(Registry registry, Backend backend) {
        this.clock = backend.clock();
        registry.onCommit(this::committed);
    }

    /** A request has begun. One about tokens is over in a moment, and may be the very one that takes this back. */
    void begin(RoutingContext context, Token token) {
        if (context.normalizedPath().startsWith("/tokens/")) {
            return;
        }
        HttpConnection connection = context.request().connection();
        Set<HttpConnection> those = open.computeIfAbsent(token.id(), id -> ConcurrentHashMap.newKeySet());
        those.add(connection);
        Duration left = Duration.between(clock.instant(), token.expiresAt());
        Optional<Long> timer = left.compareTo(FAR) > 0
                ? Optional.empty()
                : Optional.of(context.vertx().setTimer(Math.max(1, left.toMillis()), id -> connection.close()));
        context.addEndHandler(end -> {
            timer.ifPresent(context.vertx()::cancelTimer);
            open.computeIfPresent(token.id(), (id, present) -> {
                present.remove(connection);
                return present.isEmpty() ? null : present;
            });
        });
    }

    private void committed(List<Store.JournalRow> rows) {
        for (Store.JournalRow row : rows) {
            if (row.ref().kind() == ObjectRef.Kind.TOKEN
                    && row.change() == Store.Change.DELETED
                    && row.snapshot() instanceof Token token) {
                open.getOrDefault(token.id(), Set.of()).forEach(HttpConnection::close);
            }
        }
    }
}
