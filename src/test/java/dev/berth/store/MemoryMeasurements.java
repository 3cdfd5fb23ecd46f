package dev.berth.store;

import dev.berth.model.Measurement;
import dev.berth.model.Resolution;
import dev.berth.model.ServiceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Measurements in memory, by the same rules as those on disk. */
public final class MemoryMeasurements implements MeasurementStore {
    private final Map<Page, List<Measurement>> pages =
            new TreeMap<>(Comparator.comparing((Page page) -> page.resolution().ordinal())
                    .reversed()
                    .thenComparing(Page::start)
                    .thenComparing(Page::service));

    /** What every write fails with, as long as it is there. */
    public Optional<StoreException> failure = Optional.empty();

    private record Page(Resolution resolution, Instant start, ServiceKey service) {
        Instant end() {
            return start.plus(resolution.page());
        }
    }

    @Override
    public synchronized void add(Map<ServiceKey, List<Measurement>> measured) throws StoreException {
        if (failure.isPresent()) {
            throw failure.get();
        }
        measured.forEach((service, points) -> points.forEach(point -> put(service, point)));
    }

    private void put(ServiceKey service, Measurement point) {
        Page page = new Page(point.resolution(), point.resolution().pageStart(point.start()), service);
        List<Measurement> all = new ArrayList<>(pages.getOrDefault(page, List.of()));
        all.add(point);
        pages.put(page, Measurement.together(all, point.resolution()));
    }

    @Override
    public synchronized List<Measurement> read(ServiceKey service, Instant since, Instant until) {
        return pages.entrySet().stream()
                .filter(page -> page.getKey().service().equals(service))
                .flatMap(page -> page.getValue().stream())
                .filter(each -> each.end().isAfter(since) && each.start().isBefore(until))
                .sorted(Comparator.comparing(Measurement::start))
                .toList();
    }

    @Override
    public synchronized Set<ServiceKey> services(Instant since, Instant until) {
        return pages.keySet().stream()
                .filter(page -> page.end().isAfter(since) && page.start().isBefore(until))
                .map(Page::service)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public synchronized int shorten(Instant now, Keep keep) {
        int before = pages.size();
        pages.keySet().removeIf(page -> !page.end().isAfter(now.minus(keep.quarters())));
        while (pages.size() > keep.pages()) {
            pages.remove(pages.keySet().iterator().next());
        }
        int gone = before - pages.size();
        return gone
                + rollUp(Resolution.DETAIL, now.minus(keep.detail()))
                + rollUp(Resolution.MINUTE, now.minus(keep.minutes()));
    }

    private int rollUp(Resolution fine, Instant before) {
        Resolution coarse = fine.coarser().orElseThrow();
        List<Page> old = pages.keySet().stream()
                .filter(page -> page.resolution() == fine && page.start().isBefore(coarse.pageStart(before)))
                .toList();
        for (Page page : old) {
            Measurement.together(pages.remove(page), coarse).forEach(point -> put(page.service(), point));
        }
        return old.size();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
