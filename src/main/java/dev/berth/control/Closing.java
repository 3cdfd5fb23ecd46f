package dev.berth.control;

import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.store.Registry;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The end of Berth, when its services end with it: dependants first, as fast as each allows, within a bound. */
final class Closing {
    private final Registry registry;
    private final LongSupplier ticker;
    private final Consumer<WorkKey> enqueue;
    private volatile boolean begun;

    Closing(Registry registry, LongSupplier ticker, Consumer<WorkKey> enqueue) {
        this.registry = registry;
        this.ticker = ticker;
        this.enqueue = enqueue;
        registry.onCommit(rows -> {
            synchronized (this) {
                notifyAll();
            }
        });
    }

    boolean hasBegun() {
        return begun;
    }

    /** Returns what still runs when the time is over. */
    synchronized List<ServiceKey> stopAll(Duration most) throws InterruptedException {
        begun = true;
        long until = ticker.getAsLong() + most.toNanos();
        registry.services().forEach(service -> enqueue.accept(WorkKey.service(service.key())));
        while (!left().isEmpty()) {
            long millis = Duration.ofNanos(until - ticker.getAsLong()).toMillis();
            if (millis <= 0) {
                break;
            }
            wait(millis);
        }
        return left();
    }

    /** The services of which something runs. */
    List<ServiceKey> left() {
        return registry.services().stream()
                .filter(service -> !service.spec().isObserved()
                        && (service.status().process().isPresent()
                                || service.status().runOrNone().launch().isPresent()))
                .map(Service::key)
                .toList();
    }
}
