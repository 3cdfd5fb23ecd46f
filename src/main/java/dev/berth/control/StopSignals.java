package dev.berth.control;

import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.Stop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Sends the signals of stops, and remembers what this process was answered as long as a stop lasts. */
final class StopSignals {
    private final Acts<SignalRound> acts;
    private final SafeSignals signals;
    private final InstantSource clock;
    private final LongSupplier ticker;
    /** By act, when that was. */
    private final Map<String, Long> intended = new ConcurrentHashMap<>();
    /** So that it is known whom Berth may not signal. */
    private final Map<ServiceKey, Map<ProcessRef, SignalResult>> answers = new ConcurrentHashMap<>();

    StopSignals(Acts<SignalRound> acts, SafeSignals signals, InstantSource clock, LongSupplier ticker) {
        this.acts = acts;
        this.signals = signals;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** The act's intent is about to be stored; {@link #closed} takes it back. */
    void intended(String act) {
        intended.put(act, ticker.getAsLong());
        acts.intended(Set.of(act));
    }

    /** Takes the right to send, once per intended act: tells how long ago that was. */
    Optional<Duration> begin(String act) {
        if (!acts.begin(act)) {
            return Optional.empty();
        }
        long now = ticker.getAsLong();
        return Optional.of(Duration.ofNanos(now - intended.getOrDefault(act, now)));
    }

    /** To those of the family that did not get the phase's signal yet, in the order given. */
    void send(String act, Service service, List<ProcessRef> family, Stop stop, Signal signal) {
        List<SignalRound.Sent> sent = new ArrayList<>();
        for (ProcessRef member : family) {
            if (!stop.told().contains(member)) {
                SignalResult result = signals.send(member, service, signal);
                sent.add(new SignalRound.Sent(member, result));
                answers.computeIfAbsent(service.key(), key -> new ConcurrentHashMap<>())
                        .put(member, result);
            }
        }
        acts.answered(act, new SignalRound(sent, clock.instant()));
    }

    /** What came of the act, as long as it is not stored; empty when an earlier Berth was interrupted in it. */
    Optional<SignalRound> answer(String act) {
        return acts.answer(act);
    }

    /** The outcome is stored. */
    void closed(String act) {
        acts.closed(Set.of(act));
        intended.remove(act);
    }

    /** Who got a signal during this stop, or may get none. What failed is tried again. */
    Set<ProcessRef> asked(ServiceKey key) {
        return answers.getOrDefault(key, Map.of()).entrySet().stream()
                .filter(each -> !(each.getValue() instanceof SignalResult.Failed))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    Set<ProcessRef> forbidden(ServiceKey key) {
        return answers.getOrDefault(key, Map.of()).entrySet().stream()
                .filter(each -> each.getValue() instanceof SignalResult.Denied
                        || each.getValue() instanceof SignalResult.Protected)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** The stop is over. */
    void forget(ServiceKey key) {
        answers.remove(key);
    }
}
