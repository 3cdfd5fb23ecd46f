package dev.berth.api;

import dev.berth.model.Measure;
import dev.berth.model.Units;
import dev.berth.report.CheckReport;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reports as people read them. */
final class ReportText {
    /** A risk from which on it is told why, a few times that of a port of which nothing is known. */
    private static final double TELLING = 0.05;

    /** Downtimes of each service for people; the object has more. */
    private static final int SHOWN = 5;

    private ReportText() {}

    static String ports(ReportsResource.PortsView report) {
        String kinds = report.kinds().entrySet().stream()
                .map(each -> each.getValue() + " " + each.getKey())
                .collect(Collectors.joining(", "));
        TextTable table = TextTable.of("PORT", "HOLDER", "SERVICES", "CONTESTS", "RISK", "NOTE");
        report.ports()
                .forEach(each -> table.row(
                        each.port(),
                        each.holder(),
                        String.join(", ", each.services()),
                        each.contests() == 0 ? "" : each.contests(),
                        each.risk().map(risk -> Units.percent(risk.score())).orElse(""),
                        (each.contested() ? "contested " : "") + (each.reserved() ? "reserved" : "")));
        String risks = report.ports().stream()
                .filter(each ->
                        each.risk().filter(risk -> risk.score() >= TELLING).isPresent())
                .map(each -> each.port() + ": "
                        + String.join("; ", each.risk().orElseThrow().evidence()) + ".\n")
                .collect(Collectors.joining());
        return "Ports: " + report.inUse() + " in use (" + (kinds.isEmpty() ? "by nobody" : kinds) + "), "
                + report.declared() + " declared, " + report.reserved() + " reserved, " + report.contested()
                + " contested now, " + report.contests() + " contests in this period.\n"
                + (table.isEmpty() ? "" : table)
                + (risks.isEmpty() ? "" : "\nWhy some are at risk of being contested within a day:\n" + risks);
    }

    static String health(List<ReportsResource.HealthLine> lines) {
        if (lines.isEmpty()) {
            return "Health: no services are declared.\n";
        }
        long well = lines.stream().filter(each -> each.health().isAsWanted()).count();
        TextTable table = TextTable.of(
                "SERVICE",
                "HEALTH",
                "STATE",
                "AVAILABLE",
                "DOWNTIMES",
                "STARTS",
                "EXITS",
                "RESTARTS",
                "CHECKS",
                "LAST EXIT",
                "DETAIL");
        lines.forEach(each -> table.row(
                each.health().service(),
                each.health().verdict(),
                each.health().state(),
                each.availability().words(),
                each.availability().downtimes(),
                each.starts(),
                each.exits(),
                each.restarts(),
                words(each.checks()),
                each.lastExit().orElse("-"),
                each.health().detail()));
        String downtimes = lines.stream()
                .flatMap(each -> each.availability().latest().stream()
                        .limit(SHOWN)
                        .map(down -> each.health().service() + ", " + down.words() + "\n"))
                .collect(Collectors.joining());
        return "Health: " + well + " of " + lines.size() + " services are as they should be.\n" + table
                + (downtimes.isEmpty() ? "" : "\nNot ready, the latest of each service:\n" + downtimes);
    }

    static String performance(List<ReportsResource.PerformanceLine> lines) {
        if (lines.isEmpty()) {
            return "Performance: no services are declared.\n";
        }
        TextTable table = TextTable.of(
                "SERVICE",
                "CPU NOW",
                "MEAN",
                "MOST",
                "MEMORY NOW",
                "MEAN",
                "MOST",
                "P50",
                "P95",
                "SLOWEST",
                "IN",
                "OUT",
                "CHECKS");
        lines.forEach(each -> table.row(
                each.service(),
                each.usage()
                        .filter(usage -> usage.cpu().isPresent())
                        .map(usage -> Units.percent(usage.cpu().getAsDouble()))
                        .orElse("-"),
                amount(each.period().cpu().map(PerformanceView.SpreadView::mean), Measure.CPU),
                amount(each.period().cpu().map(PerformanceView.SpreadView::max), Measure.CPU),
                each.usage().map(usage -> Units.bytes(usage.memoryBytes())).orElse("-"),
                amount(each.period().memory().map(PerformanceView.SpreadView::mean), Measure.MEMORY),
                amount(each.period().memory().map(PerformanceView.SpreadView::max), Measure.MEMORY),
                amount(each.period().responseTime().map(PerformanceView.ResponseView::p50), Measure.RESPONSE_TIME),
                amount(each.period().responseTime().map(PerformanceView.ResponseView::p95), Measure.RESPONSE_TIME),
                amount(each.period().responseTime().map(PerformanceView.ResponseView::max), Measure.RESPONSE_TIME),
                amount(each.period().throughput().flatMap(PerformanceView.ThroughputView::bytesIn), Measure.RECEIVED),
                amount(each.period().throughput().flatMap(PerformanceView.ThroughputView::bytesOut), Measure.SENT),
                words(each.responses())));
        return "Performance: what services use now and used in this period (CPU of one core; bytes in and out are at least"
                + " so many), and their latest health checks.\n" + table;
    }

    private static String amount(Optional<Double> value, Measure measure) {
        return value.map(each -> MeasurementsView.words(measure, each)).orElse("-");
    }

    private static String words(CheckReport checks) {
        return checks.checks() == 0 ? "-" : checks.checks() + ", " + checks.failed() + " failed";
    }
}
