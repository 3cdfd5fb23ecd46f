package dev.berth.notify;

import dev.berth.model.Severity;
import dev.berth.model.Webhook;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Keeps a channel for each webhook that the settings name. Safe for use by many threads. */
public final class Notifier implements AutoCloseable {
    /**
     * What it works with.
     *
     * @param inMemory whether the store forgets everything with this process, which is worth telling itself
     * @param damping asked each time, as it is a setting
     * @param warn told, once each, of what was not delivered
     */
    public record Around(
            Registry registry,
            Store store,
            boolean inMemory,
            Pace pace,
            Supplier<Damping> damping,
            InstantSource clock,
            RandomGenerator jitter,
            Consumer<String> warn) {}

    private final Around by;
    private final Executor threads;
    private final Bookmarks bookmarks;
    private final Post post;
    private final Optional<Notice> standing;
    // Guarded by this.
    private final Map<String, Channel> channels = new LinkedHashMap<>();
    /** The same for those who must not wait. */
    private volatile List<Channel> all = List.of();

    private Notifier(
            Around by,
            Supplier<AllowList> allowed,
            LongSupplier nanos,
            Executor threads,
            Bookmarks bookmarks,
            Optional<Notice> standing) {
        this.by = by;
        this.threads = threads;
        this.bookmarks = bookmarks;
        this.post = new Post(allowed, by.pace().timeout(), nanos);
        this.standing = standing;
    }

    /**
     * @param threads one is taken per webhook, for as long as it is set
     * @param file where it is written down what was told; empty where nothing is kept
     */
    public static Notifier open(
            Around by, Supplier<AllowList> allowed, LongSupplier nanos, Executor threads, Optional<Path> file) {
        Bookmarks bookmarks;
        try {
            bookmarks = Bookmarks.open(file);
        } catch (IOException unreadable) {
            by.warn()
                    .accept("what was notified can't be read (" + unreadable.getMessage()
                            + "); notifications begin with what happens from now on");
            bookmarks = empty();
        }
        Optional<Notice> standing = by.inMemory() ? Optional.of(inMemory(by)) : Optional.empty();
        Notifier notifier = new Notifier(by, allowed, nanos, threads, bookmarks, standing);
        by.registry().onCommit(rows -> notifier.wake());
        return notifier;
    }

    private static Bookmarks empty() {
        try {
            return Bookmarks.open(Optional.empty());
        } catch (IOException impossible) {
            throw new IllegalStateException("there is no file to read", impossible);
        }
    }

    private static Notice inMemory(Around by) {
        return new Notice(
                "store/memory/" + by.clock().instant().toEpochMilli(),
                "StoreInMemory",
                Severity.CRITICAL,
                by.clock().instant(),
                "Berth keeps everything in memory",
                "its data directory can't be used, and nothing survives a stop",
                Map.of());
    }

    /** The settings are these now. May be called on the writer's thread. */
    public synchronized void configure(List<Webhook> webhooks) {
        List<String> wanted = webhooks.stream().map(Webhook::name).toList();
        channels.keySet().removeIf(name -> {
            boolean gone = !wanted.contains(name);
            if (gone) {
                Optional.ofNullable(channels.get(name)).ifPresent(Channel::close);
                forget(name);
            }
            return gone;
        });
        for (Webhook webhook : webhooks) {
            Channel present = channels.get(webhook.name());
            if (present == null) {
                channels.put(webhook.name(), open(webhook));
            } else {
                present.become(webhook);
            }
        }
        all = List.copyOf(channels.values());
    }

    private Channel open(Webhook webhook) {
        Memory memory = bookmarks
                .find(webhook.name())
                .filter(found -> found.version() <= by.registry().resourceVersion())
                .orElseGet(() -> Memory.from(by.registry().resourceVersion()));
        try {
            // From here on nothing is missed, whatever happens next.
            bookmarks.save(webhook.name(), memory);
        } catch (IOException failed) {
            by.warn().accept("where notifications stand can't be written down: " + failed);
        }
        Channel channel = new Channel(webhook, by, post, bookmarks, memory);
        standing.ifPresent(channel::tell);
        threads.execute(channel);
        return channel;
    }

    private void forget(String name) {
        try {
            bookmarks.forget(name);
        } catch (IOException failed) {
            by.warn().accept("what was notified can't be written down: " + failed);
        }
    }

    private void wake() {
        all.forEach(Channel::wake);
    }

    /** How each fares, in the order of the settings. */
    public synchronized List<WebhookStatus> status() {
        return channels.values().stream().map(Channel::status).toList();
    }

    /** One test. @param delivered whether the receiver took it */
    public record Tested(String webhook, boolean delivered, String result) {}

    /** Sends a test to one webhook, or to all, and waits for what becomes of it; one attempt each. */
    public List<Tested> test(Optional<String> name) {
        List<Channel> chosen = new ArrayList<>();
        synchronized (this) {
            channels.forEach((each, channel) -> {
                if (name.isEmpty() || name.get().equals(each)) {
                    chosen.add(channel);
                }
            });
        }
        Notice notice = new Notice(
                "test/" + by.clock().instant().toEpochMilli(),
                "Test",
                Severity.LOW,
                by.clock().instant(),
                "a test of Berth's notifications",
                "if you can read this, they arrive",
                Map.of());
        return chosen.stream()
                .map(channel -> {
                    Webhook webhook = channel.status().webhook();
                    Sent sent = channel.send(webhook, notice);
                    return new Tested(webhook.name(), sent instanceof Sent.Delivered, sent.words());
                })
                .toList();
    }

    @Override
    public synchronized void close() {
        channels.values().forEach(Channel::close);
        channels.clear();
    }
}
