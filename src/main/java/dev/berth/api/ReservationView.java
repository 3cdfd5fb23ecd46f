package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.berth.model.ProcessRef;
import dev.berth.model.Reservation;
import java.util.List;
import java.util.Optional;

/** A reservation as it is sent. */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
@JsonPropertyOrder({"apiVersion", "kind", "port", "protocol", "holder"})
record ReservationView(
        String apiVersion,
        String kind,
        int port,
        String protocol,
        String holder,
        String owner,
        Optional<Process> process,
        Optional<String> ttl,
        Optional<String> expiresAt,
        String enforcement,
        Optional<String> claimedBy,
        Optional<Process> claimant,
        Optional<String> message,
        String createdAt,
        String resourceVersion) {
    static final String KIND = "Reservation";
    static final String LIST = "ReservationList";

    record Process(long pid) {
        static Process of(ProcessRef process) {
            return new Process(process.pid());
        }
    }

    static ReservationView of(Reservation reservation) {
        return new ReservationView(
                Wire.API_VERSION,
                KIND,
                reservation.port().port(),
                reservation.port().protocol().label(),
                reservation.holder(),
                reservation.owner().display(),
                reservation.process().map(Process::of),
                reservation.ttl().map(Wire::duration),
                reservation.expiresAt().map(Wire::time),
                Wire.camel(reservation.enforcement()),
                reservation.claim().map(Reservation.Claim::by),
                reservation.claim().flatMap(Reservation.Claim::process).map(Process::of),
                reservation.message(),
                Wire.time(reservation.createdAt()),
                Long.toString(reservation.resourceVersion()));
    }

    static Reply reply(Reservation reservation) {
        return new Reply(of(reservation), () -> table(List.of(reservation)));
    }

    /** @param next what continues the list */
    static Reply reply(List<Reservation> reservations, long version, Optional<String> next) {
        return new Reply(
                ListView.of(LIST, reservations.stream().map(ReservationView::of).toList(), Optional.of(version), next),
                () -> table(reservations) + next.map(ListView::more).orElse(""));
    }

    static String table(List<Reservation> reservations) {
        if (reservations.isEmpty()) {
            return "No port is reserved.\n";
        }
        TextTable table = TextTable.of("PORT", "HOLDER", "BY", "EXPIRES", "ENFORCEMENT", "CLAIMED BY", "MESSAGE");
        reservations.forEach(each -> table.row(
                each.port(),
                each.holder(),
                each.owner().display(),
                each.expiresAt().map(Wire::time).orElse("never"),
                Wire.camel(each.enforcement()),
                each.claim().map(Reservation.Claim::by).orElse(""),
                each.message().orElse("")));
        return table.toString();
    }
}
