package dev.berth.plan;

import dev.berth.model.PortRange;
import dev.berth.model.Ports;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * In which order the ports of a range are tried for a service: first the one that it had before, so that it gets the same
 * one again, then upward.
 *
 * <p>Where upward begins is the same each time. For services that carry one of the {@link #SPREAD_LABELS} it is a place in
 * the range that follows from the label and the service's name: so two worktrees of one project, each with its own label,
 * settle on ports of their own, whichever is declared first.
 */
public final class PortOrder {
    /** The port that the service had before it was stopped. */
    public static final String LAST_PORT_ANNOTATION = "berth.dev/last-port";

    /** What tells one checkout of a project from another. */
    static final List<String> SPREAD_LABELS = List.of("berth.dev/worktree", "berth.dev/project");

    private final Service service;
    private final ServiceSpec spec;
    private final Policy policy;

    PortOrder(Service service, Policy policy) {
        this.service = service;
        this.spec = service.spec();
        this.policy = policy;
    }

    /** Ranges that follow each other; a port may be in two of them. */
    List<PortRange> ranges() {
        List<PortRange> ranges = new ArrayList<>();
        List<PortRange> whole = spec.portRange().map(List::of).orElseGet(() -> defaults(policy));
        before().filter(port -> whole.stream().anyMatch(range -> range.contains(port)))
                .ifPresent(port -> ranges.add(new PortRange(port, port)));
        start(whole).ifPresentOrElse(start -> ranges.addAll(from(start, whole)), () -> ranges.addAll(whole));
        return ranges;
    }

    /** Is it the one that the service had before? */
    boolean isBefore(int port) {
        return before().filter(had -> had == port).isPresent();
    }

    private Optional<Integer> before() {
        return Optional.ofNullable(service.metadata().annotations().get(LAST_PORT_ANNOTATION))
                .filter(text -> text.matches("[0-9]{1,5}"))
                .map(Integer::valueOf)
                .filter(Ports::isValid);
    }

    /** The default range without what outgoing connections use. */
    static List<PortRange> defaults(Policy policy) {
        int first = Math.max(policy.range().first(), Ports.LOWEST_CHOSEN);
        int last = policy.range().last();
        List<PortRange> ranges = new ArrayList<>();
        if (policy.ephemeral().isEmpty()) {
            add(first, last, ranges);
        } else {
            add(first, Math.min(last, policy.ephemeral().get().first() - 1), ranges);
            add(Math.max(first, policy.ephemeral().get().last() + 1), last, ranges);
        }
        return ranges;
    }

    /** Where to begin: by the label, else above the preferred port (in development from the base). */
    private Optional<Integer> start(List<PortRange> whole) {
        int size = whole.stream().mapToInt(PortRange::size).sum();
        Map<String, String> labels = service.metadata().labels();
        Optional<String> label = SPREAD_LABELS.stream()
                .filter(labels::containsKey)
                .map(labels::get)
                .findFirst();
        if (label.isPresent() && size > 0) {
            return Optional.of(nth(whole, (int) (hash(label.get() + "/" + service.key()) % size)));
        }
        return spec.port().isPresent() && spec.portRange().isEmpty() && !policy.development()
                ? Optional.of(spec.port().getAsInt() + 1)
                : Optional.empty();
    }

    private static int nth(List<PortRange> whole, int index) {
        int left = index;
        for (PortRange range : whole) {
            if (left < range.size()) {
                return range.first() + left;
            }
            left -= range.size();
        }
        throw new IllegalStateException("there are fewer than " + index + " ports in " + whole);
    }

    /** The same on every machine and in every version. */
    private static long hash(String text) {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return sum.getValue();
    }

    private static List<PortRange> from(int start, List<PortRange> whole) {
        List<PortRange> ranges = new ArrayList<>();
        whole.forEach(range -> add(Math.max(range.first(), start), range.last(), ranges));
        whole.forEach(range -> add(range.first(), Math.min(range.last(), start - 1), ranges));
        return ranges;
    }

    private static void add(int first, int last, List<PortRange> ranges) {
        if (first <= last) {
            ranges.add(new PortRange(first, last));
        }
    }
}
