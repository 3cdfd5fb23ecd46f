package dev.berth.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How much of a period a service was ready, of the time in which it was to run. As Berth saw it: while Berth itself did not run,
 * what it saw last is taken to have gone on.
 *
 * @param wanted how long it was to run
 * @param ready how long it was ready of that
 * @param downtimes when it was to run and was not ready, oldest first
 */
public record Availability(Duration wanted, Duration ready, List<Downtime> downtimes) {
    public Availability {
        downtimes = List.copyOf(downtimes);
    }

    /**
     * The service from a moment on.
     *
     * @param wanted whether it is to run
     * @param why what is said of its readiness, in a sentence
     */
    public record Change(Instant at, boolean wanted, boolean ready, String why) {
        private boolean isDown() {
            return wanted && !ready;
        }
    }

    /**
     * A span without readiness.
     *
     * @param ongoing whether it lasts until the end of the period, and so perhaps longer
     * @param why what was said last
     */
    public record Downtime(Instant from, Instant to, boolean ongoing, String why) {
        public Duration length() {
            return Duration.between(from, to);
        }
    }

    /**
     * Adds up a period.
     *
     * @param changes oldest first; of the time before the first one nothing is known, and it does not count
     */
    public static Availability of(List<Change> changes, Instant since, Instant until) {
        Duration wanted = Duration.ZERO;
        Duration ready = Duration.ZERO;
        List<Downtime> downtimes = new ArrayList<>();
        Optional<Downtime> open = Optional.empty();
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            Instant from = later(change.at(), since);
            Instant to = i + 1 < changes.size() ? earlier(changes.get(i + 1).at(), until) : until;
            if (!from.isBefore(to)) {
                continue;
            }
            Duration length = Duration.between(from, to);
            wanted = change.wanted() ? wanted.plus(length) : wanted;
            ready = change.wanted() && change.ready() ? ready.plus(length) : ready;
            if (change.isDown()) {
                Instant begin = open.map(Downtime::from).orElse(from);
                open = Optional.of(new Downtime(begin, to, to.equals(until), change.why()));
            } else {
                open.ifPresent(downtimes::add);
                open = Optional.empty();
            }
        }
        open.ifPresent(downtimes::add);
        return new Availability(wanted, ready, downtimes);
    }

    /** From 0 to 1; empty when it was never to run. */
    public Optional<Double> share() {
        return wanted.isZero() ? Optional.empty() : Optional.of(ready.toNanos() / (double) wanted.toNanos());
    }

    /** Both as they are for the parts of one service, such as its replicas: the times are added. */
    public Availability plus(Availability other) {
        List<Downtime> both = new ArrayList<>(downtimes);
        both.addAll(other.downtimes);
        both.sort((a, b) -> a.from().compareTo(b.from()));
        return new Availability(wanted.plus(other.wanted), ready.plus(other.ready), both);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
