package dev.berth.api;

import dev.berth.model.Units;
import dev.berth.report.CheckReport;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reports as people read them. */
final class ReportText {
    private ReportText() {}

    static String ports(ReportsResource.PortsView report) {
        String kinds = report.kinds().entrySet().stream()
                .map(each -> each.getValue() + " " + each.getKey())
                .collect(Collectors.joining(", "));
        TextTable table = TextTable.of("PORT", "HOLDER", "SERVICES", "NOTE");
        report.ports()
                .forEach(each -> table.row(
                        each.port(),
                        each.holder(),
                        String.join(", ", each.services()),
                        (each.contested() ? "contested " : "") + (each.reserved() ? "reserved" : "")));
        return "Ports: " + report.inUse() + " in use (" + (kinds.isEmpty() ? "by nobody" : kinds) + "), "
                + report.declared() + " declared, " + report.reserved() + " reserved, " + report.contested()
                + " contested.\n" + (table.isEmpty() ? "" : table);
    }

    static String health(List<ReportsResource.HealthLine> lines) {
        if (lines.isEmpty()) {
            return "Health: no services are declared.\n";
        }
        long well = lines.stream().filter(each -> each.health().isAsWanted()).count();
        TextTable table = TextTable.of("SERVICE", "HEALTH", "STATE", "RESTARTS", "CHECKS", "LAST EXIT", "DETAIL");
        lines.forEach(each -> table.row(
                each.health().service(),
                each.health().verdict(),
                each.health().state(),
                each.restarts(),
                words(each.checks()),
                each.lastExit().orElse("-"),
                each.health().detail()));
        return "Health: " + well + " of " + lines.size() + " services are as they should be.\n" + table;
    }

    static String performance(List<ReportsResource.PerformanceLine> lines) {
        if (lines.isEmpty()) {
            return "Performance: no services are declared.\n";
        }
        TextTable table =
                TextTable.of("SERVICE", "CPU S", "MEMORY", "THREADS", "FILES", "CHECKS", "AVERAGE", "SLOWEST");
        lines.forEach(each -> table.row(
                each.service(),
                each.usage().map(usage -> String.valueOf(usage.cpuSeconds())).orElse("-"),
                each.usage().map(usage -> Units.bytes(usage.memoryBytes())).orElse("-"),
                each.usage().map(usage -> String.valueOf(usage.threads())).orElse("-"),
                each.usage()
                        .filter(usage -> usage.openFiles().isPresent())
                        .map(usage -> String.valueOf(usage.openFiles().getAsLong()))
                        .orElse("-"),
                words(each.responses()),
                seconds(each.responses().averageSeconds()),
                seconds(each.responses().slowestSeconds())));
        return "Performance: what services use now, and how long their latest health checks took.\n" + table;
    }

    private static String words(CheckReport checks) {
        return checks.checks() == 0 ? "-" : checks.checks() + ", " + checks.failed() + " failed";
    }

    private static String seconds(Optional<Double> value) {
        return value.map(each -> Math.round(each * 1000) + " ms").orElse("-");
    }
}
