package dev.berth.plan;

import dev.berth.model.HolderKind;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How likely a service that has a port is to lose it. Contests are taken to come by chance at a rate that is estimated from those
 * that are remembered (Gamma-Poisson, docs/conflict-risk.md): a few of them never make a certainty, and none never makes zero.
 *
 * @param score the probability of at least one contest in the next day
 * @param soon the same for the next four hours, by the hours at which the port was contested
 * @param evidence sentences for people, the weightiest first; never empty
 */
public record PortRisk(double score, double soon, List<String> evidence) {
    /**
     * What is believed of a port of which nothing is known: as if it had been watched for three days and a twentieth of a contest
     * been seen, which is one in two months.
     */
    private static final double PRIOR_LOSSES = 0.05;

    private static final double PRIOR_DAYS = 3;

    /** The same where any program's outgoing connection may be put: one in three weeks. */
    private static final double PRIOR_LOSSES_EPHEMERAL = 0.15;

    /** How many contests' worth the belief weighs that no hour of the day differs. */
    private static final double PRIOR_HOURS = 8;

    private static final int HOURS = 24;
    private static final int SOON = 4;

    /** Fewer say nothing of the time of day. */
    private static final int FEWEST_FOR_HOURS = 4;

    private static final double MILLIS_A_DAY = Duration.ofDays(1).toMillis();

    public PortRisk {
        evidence = List.copyOf(evidence);
    }

    /** @param ephemeral what outgoing connections use; empty where it is not known */
    public static PortRisk of(PortKey port, Losses all, Optional<PortRange> ephemeral, Instant now) {
        List<Losses.Loss> losses = all.of(port);
        boolean inEphemeral =
                ephemeral.filter(range -> range.contains(port.port())).isPresent();
        double seen = (inEphemeral ? PRIOR_LOSSES_EPHEMERAL : PRIOR_LOSSES) + all.weight(port, now);
        double days = PRIOR_DAYS + watched(all.since(), now);
        return new PortRisk(
                atLeastOne(seen, days, 1),
                atLeastOne(seen, days, daysWorth(losses, now)),
                evidence(losses, inEphemeral ? ephemeral : Optional.empty(), now));
    }

    /** The probability of one or more in a time, the rate being known as well as so many contests in so many days tell it. */
    private static double atLeastOne(double seen, double days, double time) {
        return 1 - Math.pow(days / (days + time), seen);
    }

    /** How many days were watched, each counted by its age as contests are. */
    private static double watched(Instant since, Instant now) {
        double decay = Losses.HALF_LIFE.toMillis() / MILLIS_A_DAY / Math.log(2);
        return since.isAfter(now) ? 0 : decay * (1 - Losses.weight(since, now));
    }

    /** How much of a day the next hours are, by when contests come; a sixth when they come at all hours alike. */
    private static double daysWorth(List<Losses.Loss> losses, Instant now) {
        double[] hours = hours(losses, now);
        double all = PRIOR_HOURS;
        double soon = PRIOR_HOURS * SOON / HOURS;
        for (int hour = 0; hour < HOURS; hour++) {
            all += hours[hour];
            int ahead = Math.floorMod(hour - hour(now), HOURS);
            soon += ahead < SOON ? hours[hour] : 0;
        }
        return soon / all;
    }

    private static double[] hours(List<Losses.Loss> losses, Instant now) {
        double[] hours = new double[HOURS];
        losses.forEach(loss -> hours[hour(loss.at())] += Losses.weight(loss.at(), now));
        return hours;
    }

    private static int hour(Instant at) {
        return at.atOffset(ZoneOffset.UTC).getHour();
    }

    private static List<String> evidence(List<Losses.Loss> losses, Optional<PortRange> ephemeral, Instant now) {
        List<String> evidence = new ArrayList<>();
        if (losses.isEmpty()) {
            evidence.add("no contest of it is remembered");
        } else {
            Instant last = losses.get(losses.size() - 1).at();
            Duration ago = now.isAfter(last) ? Duration.between(last, now) : Duration.ZERO;
            evidence.add("contested " + times(losses.size()) + ", last " + Units.duration(ago) + " ago");
            holder(losses).ifPresent(evidence::add);
            hours(losses).ifPresent(evidence::add);
            long kernel = losses.stream()
                    .filter(each -> each.kind() == HolderKind.KERNEL)
                    .count();
            if (kernel > 0) {
                evidence.add(times(kernel) + " by a socket of no process, such as an outgoing connection");
            }
        }
        ephemeral.ifPresent(range -> evidence.add(
                "it lies in " + range + ", from where the system takes ports for outgoing connections of any program"));
        return evidence;
    }

    private static Optional<String> holder(List<Losses.Loss> losses) {
        Map<String, Integer> holders = new LinkedHashMap<>();
        losses.forEach(loss -> holders.merge(loss.holder(), 1, Integer::sum));
        return holders.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .filter(most -> most.getValue() > 1)
                .map(most -> most.getValue() + " of " + losses.size() + " times by " + most.getKey());
    }

    /** The four hours in a row with most of them, when that is more than half. */
    private static Optional<String> hours(List<Losses.Loss> losses) {
        if (losses.size() < FEWEST_FOR_HOURS) {
            return Optional.empty();
        }
        int best = 0;
        long most = 0;
        for (int from = 0; from < HOURS; from++) {
            int first = from;
            long inside = losses.stream()
                    .filter(each -> Math.floorMod(hour(each.at()) - first, HOURS) < SOON)
                    .count();
            if (inside > most) {
                most = inside;
                best = from;
            }
        }
        return most * 2 > losses.size()
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "%d of %d times from %02d:00 to %02d:00 UTC",
                        most,
                        losses.size(),
                        best,
                        (best + SOON) % HOURS))
                : Optional.empty();
    }

    private static String times(long count) {
        return count == 1 ? "once" : count + " times";
    }
}
