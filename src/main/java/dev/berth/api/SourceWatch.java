package dev.berth.api;

import dev.berth.config.Document;
import dev.berth.config.DocumentException;
import dev.berth.config.Documents;
import dev.berth.config.Reading;
import dev.berth.control.Applied;
import dev.berth.control.Declared;
import dev.berth.host.ObservationException;
import dev.berth.model.Caller;
import dev.berth.model.Fault;
import dev.berth.source.DeclarationSource;
import dev.berth.source.WatchedFile;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Applies what one source of declarations says, and applies it again when it says something else. Level-triggered: each look
 * compares what is said now with what was applied last, so a missed change is found with the next look.
 */
public final class SourceWatch {
    /** Under which name a text is spoken of when the source itself has trouble. */
    private static final String WHOLE = "all of it";

    private final DeclarationSource source;
    private final StackCalls stacks;
    private final Caller owner;
    private final InstantSource clock;
    private final Consumer<String> log;
    private final Consumer<String> warn;

    // Guarded by this.
    private final Map<String, Seen> seen = new HashMap<>();
    private final Map<String, SourceState> states = new TreeMap<>();
    private boolean lookedBefore;
    /** For readers, who must not wait for a source that takes its time. */
    private volatile List<SourceState> shown = List.of();

    /**
     * A text as it was met.
     *
     * @param content of the last look
     * @param settled the content was judged, for good or bad
     * @param stack the name under which it was applied last
     */
    private record Seen(byte[] content, boolean settled, Optional<String> stack) {
        Seen settledAs(Optional<String> name) {
            return new Seen(content, true, name.or(() -> stack));
        }
    }

    /**
     * @param owner whose services they become
     * @param log told what was applied
     * @param warn told once of each trouble
     */
    public SourceWatch(
            DeclarationSource source,
            StackCalls stacks,
            Caller owner,
            InstantSource clock,
            Consumer<String> log,
            Consumer<String> warn) {
        this.source = source;
        this.stacks = stacks;
        this.owner = owner;
        this.clock = clock;
        this.log = log;
        this.warn = warn;
    }

    /** One look. */
    public synchronized void look() {
        try {
            lookNow();
        } finally {
            shown = List.copyOf(states.values());
        }
    }

    /** Whether it is quickly read, so that a start may wait for it. */
    public boolean isLocal() {
        return source.name().equals(WatchedFile.NAME);
    }

    private void lookNow() {
        List<DeclarationSource.Text> texts;
        try {
            texts = source.read();
        } catch (IOException | RuntimeException | LinkageError unreadable) {
            // A user's jar may throw anything; what it said before stays.
            unreadable(String.valueOf(unreadable.getMessage()));
            return;
        }
        states.remove(WHOLE);
        Set<String> names = new HashSet<>();
        for (DeclarationSource.Text text : texts) {
            names.add(text.name());
            meet(text);
        }
        forgetAllBut(names);
        lookedBefore = true;
    }

    /** How each text fares. */
    public List<SourceState> states() {
        return shown;
    }

    private void unreadable(String why) {
        Set<String> known = seen.isEmpty() ? Set.of(WHOLE) : Set.copyOf(seen.keySet());
        known.forEach(name -> note(name, SourceState.State.UNREADABLE, Optional.of(why), List.of()));
        // What comes back may be half of it: it is looked at twice again.
        seen.replaceAll((name, before) -> new Seen(new byte[0], false, before.stack()));
    }

    private void meet(DeclarationSource.Text text) {
        Seen before = seen.get(text.name());
        if (before == null || !Arrays.equals(before.content(), text.content())) {
            Optional<String> stack = before == null ? Optional.empty() : before.stack();
            Seen now = new Seen(text.content().clone(), false, stack);
            seen.put(text.name(), now);
            // At the start nobody is in the middle of writing it, as far as can be told, and somebody waits.
            if (!lookedBefore) {
                settle(text, now);
            }
        } else if (!before.settled()) {
            settle(text, before);
        }
    }

    private void settle(DeclarationSource.Text text, Seen now) {
        try {
            settle(text, now, Documents.readAll(text.content(), Documents.Format.YAML));
        } catch (DocumentException unreadable) {
            refuse(text, now, String.valueOf(unreadable.getMessage()), List.of());
        }
    }

    private void settle(DeclarationSource.Text text, Seen now, List<Document> documents) {
        StackCalls.Brought brought =
                new StackCalls.Brought(documents, text.base(), Optional.of(called(text.name())), true);
        try {
            Reading<StackCalls.Wish> reading = stacks.take(brought, owner, wish -> apply(text, now, wish));
            if (reading instanceof Reading.Refused<StackCalls.Wish> refused) {
                refuse(text, now, "it is refused", refused.faults());
            }
        } catch (StoreException | StaleVersionException | ObservationException | HttpProblem notNow) {
            // Not settled: the next look tries again.
            note(text.name(), SourceState.State.REFUSED, Optional.of(String.valueOf(notNow.getMessage())), List.of());
        }
    }

    private StackCalls.Told<StackCalls.Wish> apply(DeclarationSource.Text text, Seen now, StackCalls.Wish wish)
            throws StoreException, StaleVersionException, ObservationException {
        Applied applied = stacks.apply(wish, owner);
        if (applied instanceof Applied.NoPort none) {
            // Somebody may release it: tried with every look, told once.
            note(text.name(), SourceState.State.REFUSED, Optional.of(none.why().reason()), List.of());
            return told -> told;
        }
        Applied.Done done = (Applied.Done) applied;
        Optional<String> stack = Optional.of(wish.name());
        Optional<String> renamed = now.stack().filter(name -> !stack.equals(Optional.of(name)));
        if (renamed.isPresent()) {
            stacks.forget(renamed.get(), owner);
        }
        seen.put(text.name(), now.settledAs(stack));
        note(text.name(), SourceState.State.APPLIED, Optional.empty(), List.of());
        long changed = done.services().stream()
                .filter(each -> each.change() != Declared.Change.UNCHANGED)
                .count();
        log.accept(text.name() + " is applied; services: " + done.services().size() + ", new or changed: " + changed
                + ", removed: " + done.pruned().size());
        return told -> {
            told.warnings().forEach(each -> warn.accept(text.name() + ": " + Warnings.words(each)));
            return told;
        };
    }

    private void refuse(DeclarationSource.Text text, Seen now, String why, List<Fault> faults) {
        note(text.name(), SourceState.State.REFUSED, Optional.of(why), faults);
        SourceState state = states.get(text.name());
        try {
            stacks.refused(text.name(), state == null ? why : state.words(), owner.user());
            seen.put(text.name(), now.settledAs(Optional.empty()));
        } catch (StoreException | StaleVersionException unwritten) {
            // Not settled: judged, and written down, with the next look.
            warn.accept(text.name() + ": the refusal could not be recorded yet: " + unwritten.getMessage());
        }
    }

    /** What a text declared that is no longer there goes with it; also what vanished while Berth was down. */
    private void forgetAllBut(Set<String> names) {
        Set<String> gone = new HashSet<>();
        seen.entrySet().removeIf(each -> {
            if (names.contains(each.getKey())) {
                return false;
            }
            gone.add(each.getValue().stack().orElse(called(each.getKey())));
            return true;
        });
        if (!lookedBefore && !isLocal()) {
            String own = called("");
            stacks.names().stream()
                    .filter(name -> name.startsWith(own) && !names.contains(name.substring(own.length())))
                    .forEach(gone::add);
        }
        states.keySet().retainAll(names);
        for (String stack : gone) {
            try {
                stacks.forget(stack, owner);
                log.accept(source.name() + " says nothing of " + stack + " any longer: what it declared is removed");
            } catch (StoreException | StaleVersionException | ObservationException notNow) {
                warn.accept("what " + stack + " declared could not be removed: " + notNow.getMessage()
                        + "; remove it with DELETE /services/NAME");
            }
        }
    }

    /** The name of a text's stack when it names none. */
    private String called(String text) {
        return isLocal() ? text : source.name() + ":" + text;
    }

    private void note(String text, SourceState.State state, Optional<String> message, List<Fault> faults) {
        SourceState before = states.get(text);
        String now = Wire.time(clock.instant());
        boolean applied = state == SourceState.State.APPLIED;
        Optional<String> appliedAt =
                applied ? Optional.of(now) : Optional.ofNullable(before).flatMap(SourceState::appliedAt);
        SourceState next = new SourceState(source.name(), text, state, now, appliedAt, message, faults);
        if (before != null && before.saysTheSameAs(next)) {
            return;
        }
        states.put(text, next);
        if (!applied) {
            warn.accept(next.words() + ". What was applied before stays");
        }
    }
}
