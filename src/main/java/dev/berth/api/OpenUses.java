package dev.berth.api;

import dev.berth.control.Tokens;
import dev.berth.model.ObjectRef;
import dev.berth.model.Token;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What goes on by each token, and ends when it is revoked: what has begun before, and what begins in that very moment. */
final class OpenUses {
    private final Map<String, Set<Use>> open = new ConcurrentHashMap<>();
    private final Tokens tokens;

    OpenUses(Registry registry, Tokens tokens) {
        this.tokens = tokens;
        registry.onCommit(this::committed);
    }

    /** Told apart from every other, those of the same connection included. */
    private static final class Use {
        private final Runnable hangUp;

        Use(Runnable hangUp) {
            this.hangUp = hangUp;
        }
    }

    /**
     * Something begins.
     *
     * @param hangUp ends it; may be called more than once
     * @return to be called when it is over
     */
    Runnable begin(Token token, Runnable hangUp) {
        Use use = new Use(hangUp);
        open.compute(token.id(), (id, present) -> {
            Set<Use> uses = present == null ? ConcurrentHashMap.newKeySet() : present;
            uses.add(use);
            return uses;
        });
        // Revoked since it was looked at: whoever did that could not see this one yet.
        if (!tokens.has(token)) {
            hangUp.run();
        }
        return () -> open.computeIfPresent(token.id(), (id, present) -> {
            present.remove(use);
            return present.isEmpty() ? null : present;
        });
    }

    private void committed(List<Store.JournalRow> rows) {
        for (Store.JournalRow row : rows) {
            if (row.ref().kind() == ObjectRef.Kind.TOKEN
                    && row.change() == Store.Change.DELETED
                    && row.snapshot() instanceof Token token) {
                open.getOrDefault(token.id(), Set.of()).forEach(use -> use.hangUp.run());
            }
        }
    }
}
