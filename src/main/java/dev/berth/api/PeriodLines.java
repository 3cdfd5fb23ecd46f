package dev.berth.api;

import dev.berth.model.AuditRecord;
import dev.berth.model.Condition;
import dev.berth.model.Instances;
import dev.berth.model.Measurement;
import dev.berth.model.ObjectRef;
import dev.berth.model.Outcome;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.report.Availability;
import dev.berth.report.PerformanceReport;
import dev.berth.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What is recorded of one service over a period, added up. */
final class PeriodLines {
    /** As many changes of one service are read, the newest: some seconds' work at most. Before them nothing is known. */
    private static final int MOST_CHANGES = 5_000;

    /** As many records of one kind and service are counted, the newest. */
    private static final int MOST_RECORDS = 10_000;

    private static final int TREND_POINTS = 24;

    private final Backend backend;
    private final Period period;

    PeriodLines(Backend backend, Period period) {
        this.backend = backend;
        this.period = period;
    }

    /** Of all its instances together. */
    Availability availability(Instances service) {
        return service.all().stream()
                .map(each -> availability(each.key()))
                .reduce(Availability::plus)
                .orElseThrow();
    }

    private Availability availability(ServiceKey key) {
        List<Availability.Change> changes =
                Stored.answer(() -> backend.store().changes(ObjectRef.service(key), period.since(), MOST_CHANGES))
                        .stream()
                        .map(PeriodLines::change)
                        .toList();
        return Availability.of(changes, period.since(), period.until());
    }

    static Availability.Change change(Store.JournalRow row) {
        Service service = (Service) row.snapshot();
        Optional<Condition> ready = service.status().condition(Condition.READY);
        boolean wanted = row.change() != Store.Change.DELETED
                && service.spec().running()
                && !service.spec().isObserved()
                && service.metadata().deletionTimestamp().isEmpty();
        return new Availability.Change(
                row.at(),
                wanted,
                ready.filter(each -> each.status() == Condition.Status.TRUE).isPresent(),
                ready.map(Condition::message).orElse("nothing was seen of it yet"));
    }

    /** How often this was done for the service in the period, by the audit log. */
    int count(Instances service, String action) {
        return (int) service.all().stream()
                .flatMap(each -> records(each.key(), action).stream())
                .filter(each -> each.entry().outcome() == Outcome.SUCCEEDED)
                .filter(each -> each.entry().at().isBefore(period.until()))
                .count();
    }

    private List<AuditRecord> records(ServiceKey service, String action) {
        return Stored.answer(() -> backend.store()
                .audit(new Store.AuditQuery(
                        Optional.of(service),
                        Optional.empty(),
                        Optional.of(action),
                        Optional.empty(),
                        Optional.of(period.since()),
                        OptionalLong.empty(),
                        MOST_RECORDS)));
    }

    PerformanceView performance(ServiceKey service) {
        List<Measurement> measured =
                Stored.answer(() -> backend.history().read(service, period.since(), period.until()));
        Instant now = backend.clock().instant();
        Period known = known(measured);
        Duration step = MeasurementSteps.of(
                known, Optional.empty(), TREND_POINTS, backend.settings().get(), now);
        return PerformanceView.of(
                PerformanceReport.of(measured),
                MeasurementsView.of(
                        service.toString(), measured, known.firstStep(step), step, (int) known.steps(step)));
    }

    /** Begins where something is known: a week of which there are ten minutes would be one point, and no trend. */
    private Period known(List<Measurement> measured) {
        return measured.stream()
                .map(Measurement::start)
                .min(Comparator.naturalOrder())
                .filter(first -> first.isAfter(period.since()) && first.isBefore(period.until()))
                .map(first -> new Period(first, period.until()))
                .orElse(period);
    }
}
