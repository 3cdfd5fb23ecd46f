package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.report.ConflictReport;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Conflicts added up, as they are sent.
 *
 * @param olderLeftOut whether the period has more than a report counts
 */
record ConflictHistoryView(
        int total,
        int open,
        Map<String, Integer> severities,
        Map<String, Integer> decisions,
        List<PortLine> ports,
        List<ServiceLine> services,
        List<HolderLine> holders,
        boolean olderLeftOut) {

    /** @param proposal a port near it that nobody holds, wants, reserved or contested; for one that was contested again */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record PortLine(
            String port,
            int conflicts,
            int moved,
            int ended,
            String holder,
            int byHolder,
            List<String> services,
            String last,
            OptionalInt proposal) {}

    record ServiceLine(String service, int conflicts, int moved, int unsettled, String last) {}

    record HolderLine(String holder, int conflicts, List<String> ports, String last) {}

    static ConflictHistoryView of(
            ConflictReport report, Function<ConflictReport.OfPort, OptionalInt> proposal, boolean olderLeftOut) {
        Map<String, Integer> severities = new TreeMap<>();
        report.severities().forEach((severity, count) -> severities.put(Wire.lower(severity), count));
        Map<String, Integer> decisions = new TreeMap<>();
        report.decisions().forEach((decision, count) -> decisions.put(Wire.camel(decision), count));
        return new ConflictHistoryView(
                report.total(),
                report.open(),
                severities,
                decisions,
                report.ports().stream()
                        .map(each -> new PortLine(
                                each.port().toString(),
                                each.conflicts(),
                                each.moved(),
                                each.ended(),
                                each.holder(),
                                each.byHolder(),
                                each.services().stream().map(String::valueOf).toList(),
                                Wire.time(each.last()),
                                each.conflicts() > 1 ? proposal.apply(each) : OptionalInt.empty()))
                        .toList(),
                report.services().stream()
                        .map(each -> new ServiceLine(
                                each.service().toString(),
                                each.conflicts(),
                                each.moved(),
                                each.unsettled(),
                                Wire.time(each.last())))
                        .toList(),
                report.holders().stream()
                        .map(each -> new HolderLine(
                                each.holder(),
                                each.conflicts(),
                                each.ports().stream().map(String::valueOf).toList(),
                                Wire.time(each.last())))
                        .toList(),
                olderLeftOut);
    }

    /** For people: of each list the first. */
    String text(int shown) {
        if (total == 0) {
            return "Conflicts: none in this period.\n";
        }
        TextTable ofPorts = TextTable.of("PORT", "CONFLICTS", "MOVED", "ENDED", "LAST", "MOST OFTEN HELD BY");
        ports.stream()
                .limit(shown)
                .forEach(each -> ofPorts.row(
                        each.port(),
                        each.conflicts(),
                        each.moved(),
                        each.ended(),
                        each.last(),
                        each.holder() + " (" + each.byHolder() + " of " + each.conflicts() + ")"));
        TextTable ofServices = TextTable.of("SERVICE", "CONFLICTS", "MOVED", "UNSETTLED", "LAST");
        services.stream()
                .limit(shown)
                .forEach(each ->
                        ofServices.row(each.service(), each.conflicts(), each.moved(), each.unsettled(), each.last()));
        TextTable ofHolders = TextTable.of("HOLDER", "CONFLICTS", "LAST", "PORTS");
        holders.stream()
                .limit(shown)
                .forEach(each ->
                        ofHolders.row(each.holder(), each.conflicts(), each.last(), String.join(", ", each.ports())));
        StringBuilder proposals = new StringBuilder();
        ports.stream()
                .limit(shown)
                .filter(each -> each.proposal().isPresent())
                .forEach(each -> proposals
                        .append(each.port())
                        .append(" was contested ")
                        .append(each.conflicts())
                        .append(" times, ")
                        .append(each.byHolder())
                        .append(" times by the same holder (")
                        .append(each.holder())
                        .append("); proposed instead: ")
                        .append(each.proposal().getAsInt())
                        .append(", which nobody holds or wants.\n"));
        return "Conflicts: " + total + ", " + open + " of them open"
                + (olderLeftOut ? "; older ones of this period are left out" : "") + ".\n" + ofPorts + proposals
                + "\n" + ofServices + "\n" + ofHolders;
    }
}
