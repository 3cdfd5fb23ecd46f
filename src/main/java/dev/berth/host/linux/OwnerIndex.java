package dev.berth.host.linux;

import dev.berth.model.Ancestor;
import dev.berth.model.Ownership;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which socket, kept from tick to tick. Searches only for what it does not know, a bounded time per tick:
 *
 * <ol>
 *   <li>every two seconds, or ten where nothing has changed for a while, each known holder is proven again by its
 *       descriptor's link ({@link ProofRound});
 *   <li>a new socket, or one whose holders let go, is searched at once, until a holder is found, and then among the
 *       processes above that one (nginx: a worker's master);
 *   <li>processes that started since are looked into while they are young ({@link NewcomerWatch}): more workers;
 *   <li>a whole pass over all processes, in slices and seldom, completes what these can't find: sockets from before the
 *       first look, and those that were handed to an old process;
 *   <li>a socket for which a whole pass found nobody is searched again, each time after a longer pause.
 * </ol>
 *
 * <p>Belongs to the ticking thread.
 */
final class OwnerIndex {
    /** For searching in one tick: a twelfth of the default 250 ms, and enough for ten thousand descriptors. */
    private static final long BUDGET_NANOS = 20_000_000L;
    /** For completing holders in one tick, when each socket has at least one: nobody waits for it. */
    private static final long BACKGROUND_NANOS = 5_000_000L;

    /**
     * From one look that searches for further holders to the next; less than the default ticks are apart. Where a hundred services
     * start, a look is asked for every few milliseconds, and who waits for it waits for who holds the port at all.
     */
    private static final long BACKGROUND_PAUSE_NANOS = 200_000_000L;

    /**
     * Between passes that only complete the holders of sockets which have one: what they can find is a socket handed to an
     * old process, and the thorough look before acting finds that too.
     */
    private static final long PASS_PAUSE_NANOS = 30_000_000_000L;

    /** Pauses after a whole pass found nobody grow fourfold: what starts meanwhile is looked into as it comes. */
    private static final long FIRST_RETRY_NANOS = 1_000_000_000L;

    private static final long LAST_RETRY_NANOS = 300_000_000_000L;

    private final long self = ProcessHandle.current().pid();
    private final ProcessSockets processes = new ProcessSockets();
    private final FactsCache facts;
    private final Visibility visibility;
    private final LongSupplier nanos;
    private final NewcomerWatch newcomers;
    private final ProofRound proofs;
    private final Set<TrackedSocket> waiting = new LinkedHashSet<>();
    private final Set<TrackedSocket> unowned = new LinkedHashSet<>();
    private @Nullable HolderPass pass;
    private Denials denials = Denials.NONE;
    private long passAfter;
    private long backgroundAfter;
    private boolean changed;

    OwnerIndex(ProcessReader reader, Visibility visibility, LongSupplier nanos) {
        this.facts = new FactsCache(reader);
        this.visibility = visibility;
        this.nanos = nanos;
        this.newcomers = new NewcomerWatch(processes, this::found);
        this.passAfter = nanos.getAsLong();
        this.backgroundAfter = passAfter;
        this.proofs = new ProofRound(passAfter);
    }

    /** Brings the owners up to date after a look. */
    void tick(SocketTable table) throws IOException {
        long start = nanos.getAsLong();
        forgetGone(table);
        newcomers.looked(table);
        facts.begin();
        boolean background = start - backgroundAfter >= 0;
        if (background) {
            newcomers.begin(start);
            backgroundAfter = start + BACKGROUND_PAUSE_NANOS;
        }
        List<TrackedSocket> urgent = new ArrayList<>();
        for (TrackedSocket socket : table.fresh()) {
            if (socket.isSearchable()) {
                urgent.add(socket);
            }
        }
        // First of all, so that a tick which fails half-way forgets nobody.
        urgent.forEach(this::await);
        proofs.next(start, socket -> prove(socket, urgent));
        facts.refresh(start, ref -> dropProcess(table.sockets(), ref, urgent));
        search(urgent, start + BUDGET_NANOS);
        complete(start, background);
        if (background) {
            newcomers.visit(table, nanos);
        }
        forgetProcesses(table);
    }

    /** Is nobody searched for? Then all that a tick does is to prove again what is known, each in its turn. */
    boolean isSettled(long now) {
        return pass == null && !isPassDue(now) && newcomers.areVisited();
    }

    private void forgetGone(SocketTable table) {
        if (table.changed()) {
            waiting.removeIf(socket -> !socket.alive);
            unowned.removeIf(socket -> !socket.alive);
        }
    }

    private void prove(TrackedSocket socket, List<TrackedSocket> lost) {
        for (TrackedSocket.Holding holding : socket.holdings()) {
            if (!isProven(socket, holding)) {
                removeHoldings(socket, each -> each.equals(holding) || !isProven(socket, each), lost);
                return;
            }
        }
    }

    private boolean isProven(TrackedSocket socket, TrackedSocket.Holding holding) {
        return processes.has(holding.process().pid(), holding.descriptor(), socket.inode());
    }

    private void dropProcess(List<TrackedSocket> sockets, ProcessRef gone, List<TrackedSocket> lost) {
        for (TrackedSocket socket : sockets) {
            removeHoldings(socket, holding -> holding.process().equals(gone), lost);
        }
    }

    private void removeHoldings(
            TrackedSocket socket, Predicate<TrackedSocket.Holding> which, List<TrackedSocket> lost) {
        List<TrackedSocket.Holding> removed = List.of();
        for (TrackedSocket.Holding holding : socket.holdings()) {
            if (which.test(holding)) {
                removed = new ArrayList<>(removed);
                removed.add(holding);
            }
        }
        if (!removed.isEmpty()) {
            socket.holdings().removeAll(removed);
            lookAgain(socket, removed, lost);
        }
    }

    /** Holders let go of the descriptor; they may have moved it, or another process may have the socket now. */
    private void lookAgain(TrackedSocket socket, List<TrackedSocket.Holding> removed, List<TrackedSocket> lost) {
        changed = true;
        for (TrackedSocket.Holding holding : removed) {
            processes.scan(
                    holding.process().pid(),
                    new long[] {socket.inode()},
                    (pid, descriptor, inode) -> found(socket, pid, descriptor));
        }
        if (!socket.holdings().isEmpty()) {
            socket.republish();
            return;
        }
        ProcessRef last = removed.get(0).process();
        socket.publish(new Ownership.Unseen(last + " held it and let go; its holder is being looked for", true));
        await(socket);
        lost.add(socket);
    }

    private void await(TrackedSocket socket) {
        socket.queued = true;
        waiting.add(socket);
    }

    private void search(List<TrackedSocket> urgent, long until) throws IOException {
        long now = nanos.getAsLong();
        for (TrackedSocket socket : unowned) {
            if (now - socket.searchAfter >= 0 && !socket.queued) {
                await(socket);
            }
        }
        if (urgent.isEmpty()) {
            return;
        }
        newcomers.hurry();
        HolderPass first = new HolderPass(processes, processes.pids(), urgent, this::found);
        first.runUntilAllHeld(nanos, until);
        ancestors(urgent).forEach(first::visit);
        if (first.isFinished()) {
            urgent.forEach(waiting::remove);
            close(first);
        }
    }

    /**
     * A worker was found; its master has the socket too. Younger relatives are left to the newcomers' watch. Berth itself is
     * above every service that it started and shares none of its descriptors, so that nothing goes to those above it either.
     */
    private Set<Long> ancestors(List<TrackedSocket> sockets) {
        Set<Long> pids = new LinkedHashSet<>();
        for (TrackedSocket socket : sockets) {
            for (TrackedSocket.Holding holding : socket.holdings()) {
                for (Ancestor ancestor : facts.ancestors(holding.process())) {
                    if (ancestor.ref().pid() == self) {
                        break;
                    }
                    pids.add(ancestor.ref().pid());
                }
            }
        }
        return pids;
    }

    private void complete(long start, boolean background) throws IOException {
        HolderPass current = pass;
        if (current == null) {
            if (!(background ? isPassDue(start) : isAnyPressing())) {
                return;
            }
            current = new HolderPass(processes, processes.pids(), waiting, this::found);
            pass = current;
            waiting.clear();
        }
        if (current.sockets().stream().noneMatch(socket -> socket.alive)) {
            pass = null;
            return;
        }
        // Another search begins when this one has ended, so it is awaited by whoever waits for that too.
        boolean awaited = isAnyPressing() || current.sockets().stream().anyMatch(OwnerIndex::isAwaited);
        if (!awaited && !background) {
            return;
        }
        long until = awaited ? start + BUDGET_NANOS : nanos.getAsLong() + BACKGROUND_NANOS;
        current.run(nanos, until);
        if (current.isFinished()) {
            pass = null;
            passAfter = nanos.getAsLong() + PASS_PAUSE_NANOS;
            close(current);
        }
    }

    private boolean isPassDue(long now) {
        return !waiting.isEmpty() && (now - passAfter >= 0 || isAnyPressing());
    }

    /** Nobody is known who has it: the pass that tells can't be put off. A loop, because a thousand wait in every tick. */
    private boolean isAnyPressing() {
        for (TrackedSocket socket : waiting) {
            if (isAwaited(socket) || unowned.contains(socket)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAwaited(TrackedSocket socket) {
        return socket.alive && socket.listener().ownership() instanceof Ownership.Unseen unseen && unseen.searching();
    }

    /** Every process was looked at: who has no holder now is told so, with the reason. */
    private void close(HolderPass done) {
        denials = done.denials();
        long now = nanos.getAsLong();
        for (TrackedSocket socket : done.sockets()) {
            socket.queued = false;
            if (!socket.alive) {
                continue;
            }
            if (!socket.holdings().isEmpty()) {
                unowned.remove(socket);
                socket.failures = 0;
                continue;
            }
            long pause = FIRST_RETRY_NANOS << Math.min(2 * socket.failures, 10);
            socket.searchAfter = now + Math.min(pause, LAST_RETRY_NANOS);
            socket.failures++;
            unowned.add(socket);
            changed |= socket.publish(visibility.unseen(socket.socket(), denials));
        }
    }

    private void found(TrackedSocket socket, long pid, int descriptor) {
        if (!socket.alive || socket.isHeldBy(pid)) {
            return;
        }
        long now = nanos.getAsLong();
        Optional<ProcessRef> process = facts.identify(pid, now);
        // The link once more, after the identity: it is this process, not one that had the pid a moment before.
        if (process.isPresent() && processes.has(pid, descriptor, socket.inode())) {
            socket.add(new TrackedSocket.Holding(process.get(), descriptor));
            proofs.add(socket, now);
            socket.failures = 0;
            unowned.remove(socket);
            changed = true;
        }
    }

    private void forgetProcesses(SocketTable table) {
        if (!changed && !table.changed()) {
            return;
        }
        Set<ProcessRef> holders = new HashSet<>();
        for (TrackedSocket socket : table.sockets()) {
            socket.holdings().forEach(holding -> holders.add(holding.process()));
        }
        facts.retain(holders);
    }

    /** Has an owner, or what is known of one, changed since this was asked last? */
    boolean takeChanged() {
        boolean was = changed | facts.takeChanged();
        changed = false;
        return was;
    }

    Map<ProcessRef, ProcessFacts> facts() {
        return facts.facts();
    }

    /** What the last whole pass was denied. */
    Denials denials() {
        return denials;
    }
}
