package dev.berth.control;

import dev.berth.model.Eviction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Callers who wait for a port to be free, by eviction. Memory only: a caller does not outlive the connection. */
final class FreeWaiters {
    // Guarded by this.
    private final Map<String, List<CompletableFuture<Freed>>> waiting = new HashMap<>();

    synchronized CompletableFuture<Freed> await(String eviction) {
        CompletableFuture<Freed> answer = new CompletableFuture<>();
        waiting.computeIfAbsent(eviction, id -> new ArrayList<>()).add(answer);
        return answer;
    }

    boolean answer(Eviction eviction, Freed answer) {
        List<CompletableFuture<Freed>> all;
        synchronized (this) {
            all = waiting.remove(eviction.id());
        }
        if (all == null) {
            return false;
        }
        all.forEach(each -> each.complete(answer));
        return true;
    }

    void fail(String eviction, Throwable why) {
        List<CompletableFuture<Freed>> all;
        synchronized (this) {
            all = waiting.remove(eviction);
        }
        if (all != null) {
            all.forEach(each -> each.completeExceptionally(why));
        }
    }
}
