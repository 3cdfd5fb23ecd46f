package dev.berth.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What Berth has started for a service, is ending, or has tried: stored with the service's status, so that the next Berth
 * goes on where this one stopped.
 *
 * @param launch the latest start; empty before the first and after its tree was ended
 * @param stop the ending that is under way
 * @param lastExit how the process before ended
 * @param failures exits in a row that nobody asked for; starts anew after a minute of Ready
 * @param nextStart no start before this, after failures
 * @param gaveUp why it stays down until somebody asks or declares it anew
 * @param generation of the spec that {@code gaveUp} and {@code failures} speak of
 * @param request a restart that was asked for and not begun yet
 * @param served keys of restarts that were begun, the newest last
 * @param installed fingerprint of what {@code install} last succeeded with
 */
public record Run(
        Optional<Launch> launch,
        Optional<Stop> stop,
        Optional<Exit> lastExit,
        int failures,
        Optional<Instant> nextStart,
        Optional<String> gaveUp,
        long generation,
        Optional<RestartRequest> request,
        List<String> served,
        Optional<String> installed) {
    /** Keys remembered per service; a client repeats a request within seconds, not after this many others. */
    public static final int SERVED_KEYS = 16;

    public static final Run NONE = new Run(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            Optional.empty(),
            Optional.empty(),
            0,
            Optional.empty(),
            List.of(),
            Optional.empty());

    public Run {
        served = List.copyOf(served);
    }

    public Run launching(Launch next) {
        return new Run(
                Optional.of(next),
                stop,
                lastExit,
                failures,
                Optional.empty(),
                Optional.empty(),
                generation,
                request,
                served,
                installed);
    }

    public Run withLaunch(Optional<Launch> value) {
        return new Run(value, stop, lastExit, failures, nextStart, gaveUp, generation, request, served, installed);
    }

    public Run withStop(Optional<Stop> value) {
        return new Run(launch, value, lastExit, failures, nextStart, gaveUp, generation, request, served, installed);
    }

    /** Its process ended; nothing of the launch is left. */
    public Run ended(Exit exit) {
        return new Run(
                Optional.empty(),
                Optional.empty(),
                Optional.of(exit),
                failures,
                nextStart,
                gaveUp,
                generation,
                request,
                served,
                installed);
    }

    public Run failed(int inARow, Optional<Instant> notBefore, Optional<String> why, long ofGeneration) {
        return new Run(launch, stop, lastExit, inARow, notBefore, why, ofGeneration, request, served, installed);
    }

    /** What went wrong before counts no more. */
    public Run forgiven() {
        return new Run(
                launch, stop, lastExit, 0, Optional.empty(), Optional.empty(), generation, request, served, installed);
    }

    public Run asked(RestartRequest wanted) {
        return new Run(
                launch,
                stop,
                lastExit,
                failures,
                nextStart,
                gaveUp,
                generation,
                Optional.of(wanted),
                served,
                installed);
    }

    /** The request was begun: the same key never begins another. */
    public Run begun() {
        if (request.isEmpty()) {
            return this;
        }
        List<String> keys = new ArrayList<>(served);
        keys.add(request.get().key());
        while (keys.size() > SERVED_KEYS) {
            keys.remove(0);
        }
        return new Run(
                launch, stop, lastExit, failures, nextStart, gaveUp, generation, Optional.empty(), keys, installed);
    }

    public Run withInstalled(Optional<String> fingerprint) {
        return new Run(launch, stop, lastExit, failures, nextStart, gaveUp, generation, request, served, fingerprint);
    }

    public boolean knows(String key) {
        return served.contains(key)
                || request.filter(known -> known.key().equals(key)).isPresent();
    }
}
