package dev.berth.notify;

import dev.berth.model.Webhook;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One webhook's way along the journal. {@link #run} is one thread's; everything else any may call, and returns at once. */
final class Channel implements Runnable {
    private static final int AT_ONCE = 256;

    /** Rows that told nothing are written down as passed only so often. */
    private static final int UNWRITTEN = 512;

    /** Farther behind it would read for minutes about what nobody can act on any more. */
    private static final long MOST_BEHIND = 50_000;

    private static final Duration STORE_PAUSE = Duration.ofSeconds(5);

    private final Notifier.Around by;
    private final Post post;
    private final Bookmarks bookmarks;
    private final Memory memory;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // All guarded by lock.
    private Webhook webhook;
    private boolean closed;
    private final Deque<Notice> extra = new ArrayDeque<>();
    private long reached;
    private long delivered;
    private long retried;
    private long givenUp;
    private long dropped;
    private Optional<WebhookStatus.Pending> pending = Optional.empty();
    private Optional<WebhookStatus.Attempt> last = Optional.empty();
    // Used by run only.
    private long unwritten;
    private boolean toldOfLoss;

    Channel(Webhook webhook, Notifier.Around by, Post post, Bookmarks bookmarks, Memory memory) {
        this.webhook = webhook;
        this.by = by;
        this.post = post;
        this.bookmarks = bookmarks;
        this.memory = memory;
        this.reached = memory.version();
    }

    /** Another address, secret or severity from the next attempt on; what was delivered stays so. */
    void become(Webhook next) {
        locked(() -> {
            webhook = next;
            changed.signalAll();
        });
    }

    /** There is something new in the journal. */
    void wake() {
        locked(changed::signalAll);
    }

    /** What is not in the journal. */
    void tell(Notice notice) {
        locked(() -> {
            extra.add(notice);
            changed.signalAll();
        });
    }

    void close() {
        locked(() -> {
            closed = true;
            changed.signalAll();
        });
    }

    private void locked(Runnable task) {
        lock.lock();
        try {
            task.run();
        } finally {
            lock.unlock();
        }
    }

    WebhookStatus status() {
        lock.lock();
        try {
            return new WebhookStatus(
                    webhook,
                    Math.max(0, by.registry().resourceVersion() - reached),
                    delivered,
                    retried,
                    givenUp,
                    dropped,
                    pending,
                    last);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        try {
            while (!isClosed()) {
                Optional<Notice> next = takeExtra();
                if (next.isPresent()) {
                    deliver(next.get());
                } else if (by.registry().resourceVersion() > memory.version()) {
                    follow();
                } else if (tellSteady(by.clock().instant())) {
                    awaitNews();
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() throws InterruptedException {
        List<Store.JournalRow> rows;
        try {
            skipWhatIsLost();
            rows = by.store().journalAfter(memory.version(), AT_ONCE);
        } catch (StoreException unreadable) {
            by.warn().accept("notifications wait, the journal can't be read: " + unreadable.getMessage());
            pause(STORE_PAUSE);
            return;
        }
        if (rows.isEmpty()) {
            // Numbers without rows were dropped between the two questions, or belong to audit only.
            reach(by.registry().resourceVersion(), false);
        }
        for (Store.JournalRow row : rows) {
            if (!tellSteady(row.at())) {
                return;
            }
            Optional<Notice> notice = Notices.of(row, memory, by.damping().get());
            if (notice.isPresent() && matters(notice.get()) && !deliver(notice.get())) {
                return;
            }
            notice.ifPresent(each -> memory.tell(each.id()));
            reach(row.seq(), notice.isPresent());
        }
    }

    /** Of those that were calm for long enough by then. @return false when it was closed before all were told */
    private boolean tellSteady(Instant then) throws InterruptedException {
        for (Flaps.Steady steady : memory.flaps().steadyAt(then, by.damping().get())) {
            if (matters(steady.notice()) && !deliver(steady.notice())) {
                return false;
            }
            memory.flaps().steadyWasTold(steady.uid());
            reach(memory.version(), true);
        }
        return true;
    }

    private boolean matters(Notice notice) {
        lock.lock();
        try {
            return notice.severity().compareTo(webhook.minSeverity()) >= 0;
        } finally {
            lock.unlock();
        }
    }

    private void skipWhatIsLost() throws StoreException {
        Registry registry = by.registry();
        long from = Math.max(by.store().journalDroppedTo(), registry.resourceVersion() - MOST_BEHIND);
        if (memory.version() < from) {
            loss((from - memory.version()) + " changes were too many or too old to be told");
            reach(from, true);
        }
    }

    private void loss(String what) {
        locked(() -> dropped++);
        if (!toldOfLoss) {
            toldOfLoss = true;
            by.warn().accept(status().webhook() + ": " + what + "; GET /notifications counts further ones");
        }
    }

    private void reach(long version, boolean write) {
        memory.reached(version);
        locked(() -> reached = version);
        unwritten++;
        if ((write || unwritten >= UNWRITTEN) && !isClosed()) {
            unwritten = 0;
            try {
                bookmarks.save(status().webhook().name(), memory);
            } catch (IOException failed) {
                by.warn()
                        .accept("where notifications stand can't be written down, after a crash some may come again: "
                                + failed);
            }
        }
    }

    /** @return false when it was closed before there was a result */
    private boolean deliver(Notice notice) throws InterruptedException {
        Pace pace = by.pace();
        if (notice.at().isBefore(by.clock().instant().minus(pace.oldest()))) {
            loss(notice.title() + " was told too late to be of use");
            return true;
        }
        for (int attempt = 1; !isClosed(); attempt++) {
            Webhook to = status().webhook();
            Sent sent = send(to, notice);
            if (sent instanceof Sent.Delivered) {
                locked(() -> {
                    delivered++;
                    pending = Optional.empty();
                });
                return true;
            }
            if (sent instanceof Sent.Refused || attempt >= pace.attempts()) {
                locked(() -> {
                    givenUp++;
                    pending = Optional.empty();
                });
                by.warn()
                        .accept("\"" + notice.title() + "\" could not be told by the " + to + " and is given up: "
                                + sent.words());
                return true;
            }
            Duration wait = pace.pause(attempt, by.jitter());
            Duration asked = ((Sent.Failed) sent).after().orElse(Duration.ZERO);
            Duration longer = asked.compareTo(wait) > 0 ? asked : wait;
            WebhookStatus.Pending next = new WebhookStatus.Pending(
                    notice.id(), notice.title(), attempt, by.clock().instant().plus(longer));
            locked(() -> {
                retried++;
                pending = Optional.of(next);
            });
            pause(longer);
        }
        return false;
    }

    /** One attempt, by whichever thread. */
    Sent send(Webhook to, Notice notice) {
        Instant now = by.clock().instant();
        String body = Payload.of(notice, to.format());
        Sent sent = post.send(to, body, to.secret().map(secret -> Payload.signature(secret, now, body)), notice.id());
        locked(() -> last = Optional.of(new WebhookStatus.Attempt(now, notice.id(), sent.words())));
        return sent;
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private Optional<Notice> takeExtra() {
        lock.lock();
        try {
            return Optional.ofNullable(extra.poll());
        } finally {
            lock.unlock();
        }
    }

    private void awaitNews() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && extra.isEmpty() && by.registry().resourceVersion() <= memory.version()) {
                Optional<Instant> steady =
                        memory.flaps().nextSteady(by.damping().get());
                if (steady.isEmpty()) {
                    changed.await();
                } else if (changed.awaitNanos(untilThen(steady.get())) <= 0) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private long untilThen(Instant then) {
        return Duration.between(by.clock().instant(), then).toNanos();
    }

    /** Another address or the end cuts it short; commits don't. */
    private void pause(Duration duration) throws InterruptedException {
        lock.lock();
        try {
            Webhook before = webhook;
            long left = duration.toNanos();
            while (left > 0 && !closed && webhook == before) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
