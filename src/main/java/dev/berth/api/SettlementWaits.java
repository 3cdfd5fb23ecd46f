package dev.berth.api;

import dev.berth.control.RunRequests;
import dev.berth.model.Caller;
import dev.berth.model.Instances;
import dev.berth.model.ObjectRef;
import dev.berth.model.ServiceKey;
import dev.berth.store.Registry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers who wait until what they asked of services has come about. Nobody polls and no thread waits. */
@Singleton
public class SettlementWaits {
    /** A caller costs a connection, and a look at its services with every commit. */
    private static final int MOST = 256;

    private static final int TOO_MANY = 429;

    /** Within that a pass has looked at what was asked for: it is enqueued at once and takes milliseconds. */
    private static final Duration CONSIDERED = Duration.ofSeconds(2);

    private final Registry registry;
    private final Shares places = new Shares(MOST);
    private final ConcurrentLinkedQueue<Wait> waits = new ConcurrentLinkedQueue<>();

    /** Commits that no look has followed yet; who makes it one looks, until none is left. */
    private final AtomicInteger unseen = new AtomicInteger();

    /** @param considered the services have been looked at since they were asked for */
    private record Wait(
            List<ServiceKey> services,
            RunRequests.Verb verb,
            AtomicBoolean considered,
            CompletableFuture<Settlement> answer) {}

    SettlementWaits(Registry registry) {
        this.registry = registry;
        registry.onCommit(rows -> {
            if (!waits.isEmpty() && rows.stream().anyMatch(row -> row.ref().kind() == ObjectRef.Kind.SERVICE)) {
                look();
            }
        });
    }

    /**
     * Completes when all of it has come about, or part of it has failed and nothing is under way; after {@code most} with
     * {@link Settlement#UNDER_WAY}.
     *
     * @param by who waits; each user may have a part of the places
     */
    CompletionStage<Settlement> await(List<ServiceKey> services, RunRequests.Verb verb, Duration most, Caller by) {
        places.take(by, 1).ifPresent(shortage -> {
            throw Problems.problem(
                            TOO_MANY,
                            places.words(shortage, "calls wait for services")
                                    + "; it was asked of the services, ask without wait how it goes")
                    .build();
        });
        CompletableFuture<Settlement> answer = new CompletableFuture<>();
        Wait wait = new Wait(services, verb, new AtomicBoolean(), answer);
        waits.add(wait);
        CompletableFuture.delayedExecutor(CONSIDERED.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    wait.considered().set(true);
                    look();
                });
        // It may have come about before anybody listened.
        look();
        return answer.completeOnTimeout(Settlement.UNDER_WAY, most.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((how, never) -> {
                    waits.remove(wait);
                    places.giveBack(by, 1);
                });
    }

    /** Not on the writer's thread, which others wait for. */
    private void look() {
        if (unseen.getAndIncrement() == 0) {
            CompletableFuture.runAsync(() -> {
                int seen;
                do {
                    seen = unseen.get();
                    waits.forEach(this::judge);
                } while (!unseen.compareAndSet(seen, 0));
            });
        }
    }

    private void judge(Wait wait) {
        Settlement together = Settlement.DONE;
        for (ServiceKey key : wait.services()) {
            Settlement one = registry.service(key)
                    .map(service -> Settlement.of(
                            Instances.of(service, registry.services()),
                            wait.verb(),
                            wait.considered().get()))
                    .orElse(Settlement.FAILED);
            if (one == Settlement.UNDER_WAY) {
                return;
            }
            if (one == Settlement.FAILED) {
                together = Settlement.FAILED;
            }
        }
        wait.answer().complete(together);
    }
}
