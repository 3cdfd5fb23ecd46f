package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.berth.control.PortView;
import dev.berth.model.Ancestor;
import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.Listener;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Reservation;
import dev.berth.model.Units;
import dev.berth.model.User;
import dev.berth.plan.BerthIdentity;
import dev.berth.plan.PortRisk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A port as it is sent: who is on it, who wants it, what happened on it. */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
@JsonPropertyOrder({"apiVersion", "kind", "port", "protocol", "state"})
record PortObject(
        String apiVersion,
        String kind,
        int port,
        String protocol,
        String state,
        List<Holder> holders,
        List<Use> services,
        Optional<ReservationView> reservation,
        List<String> conflicts,
        Optional<EvictionView> eviction,
        Optional<BlockageView> blockage,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<List<Event>> history,
        Optional<RiskView> risk,
        String explanation) {
    static final String KIND = "Port";

    /** Everything of the port that one set of processes holds. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Holder(
            List<Long> pids,
            String kind,
            Optional<String> user,
            Optional<Long> uid,
            Optional<String> command,
            Optional<String> startTime,
            Optional<String> unit,
            Optional<String> container,
            Optional<String> respawner,
            Optional<String> service,
            List<String> addresses,
            String description,
            List<ProcessView> processes) {}

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record ProcessView(
            long pid,
            String user,
            String command,
            String startTime,
            Optional<Long> parent,
            Optional<String> executable,
            Optional<String> workingDirectory) {
        /** Of another user's process what ps(1) shows: its files and directories are read with rights that others lack. */
        static ProcessView of(ProcessFacts facts, Predicate<User> reader) {
            boolean full = reader.test(facts.user());
            return new ProcessView(
                    facts.ref().pid(),
                    facts.user().display(),
                    facts.command(),
                    Wire.time(facts.startedAt()),
                    facts.ancestors().stream().findFirst().map(Ancestor::ref).map(ref -> ref.pid()),
                    facts.executable().filter(any -> full),
                    facts.workingDirectory().filter(any -> full));
        }
    }

    record Use(String service, String role) {}

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record ReservationView(String holder, Optional<String> expiresAt, String enforcement, Optional<String> claimedBy) {
        static ReservationView of(Reservation reservation) {
            return new ReservationView(
                    reservation.holder(),
                    reservation.expiresAt().map(Wire::time),
                    Wire.camel(reservation.enforcement()),
                    reservation.claim().map(Reservation.Claim::by));
        }
    }

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record EvictionView(String phase, List<Long> pids, String startedAt, String deadline, Optional<String> message) {
        static EvictionView of(Eviction eviction) {
            return new EvictionView(
                    Wire.camel(eviction.phase()),
                    eviction.targets().stream()
                            .map(each -> each.process().pid())
                            .toList(),
                    Wire.time(eviction.startedAt()),
                    Wire.time(eviction.deadline()),
                    eviction.message());
        }
    }

    record BlockageView(String cause, String explanation) {}

    /** One conflict about the port. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Event(
            String at,
            String conflict,
            String service,
            String state,
            String decision,
            String holder,
            String reason,
            Optional<String> resolvedAt) {
        static Event of(Conflict conflict) {
            return new Event(
                    Wire.time(conflict.detectedAt()),
                    conflict.id(),
                    conflict.service().toString(),
                    Wire.camel(conflict.state()),
                    Wire.camel(conflict.decision()),
                    conflict.holder().description(),
                    conflict.reason(),
                    conflict.resolvedAt().map(Wire::time));
        }
    }

    /**
     * How likely the port is contested.
     *
     * @param score the probability of a contest in the next day, 0 to 1
     * @param soon the same for the next four hours
     */
    record RiskView(double score, double soon, List<String> evidence) {
        static RiskView of(PortRisk risk) {
            return new RiskView(rounded(risk.score()), rounded(risk.soon()), risk.evidence());
        }

        /** More digits would be noise. */
        private static double rounded(double probability) {
            return Math.round(probability * 1000) / 1000.0;
        }

        String text() {
            return "Risk: contested within a day with a probability of " + Units.percent(score) + "; "
                    + String.join("; ", evidence) + ".\n";
        }
    }

    /** As it is in lists, which tell no history. */
    static PortObject of(PortView view, Predicate<User> reader) {
        return of(view, reader, Optional.empty(), Optional.empty());
    }

    /** @param reader of which users' processes the reader may know everything */
    static PortObject of(
            PortView view, Predicate<User> reader, Optional<List<Conflict>> history, Optional<PortRisk> risk) {
        return new PortObject(
                Wire.API_VERSION,
                KIND,
                view.port().port(),
                view.port().protocol().label(),
                state(view),
                holders(view, reader),
                view.services().stream()
                        .map(use -> new Use(use.service().toString(), Wire.camel(use.role())))
                        .toList(),
                view.reservation().map(ReservationView::of),
                view.conflicts().stream().map(Conflict::id).toList(),
                view.eviction().map(EvictionView::of),
                view.blockage().map(each -> new BlockageView(Wire.camel(each.cause()), each.explanation())),
                history.map(all -> all.stream().map(Event::of).toList()),
                risk.map(RiskView::of),
                view.explanation());
    }

    static String state(PortView view) {
        if (view.inUse()) {
            return "InUse";
        }
        if (view.blockage().isPresent()) {
            return "Blocked";
        }
        if (view.reservation().isPresent()) {
            return "Reserved";
        }
        boolean assigned = view.services().stream().anyMatch(use -> use.role() == PortView.Use.Role.ASSIGNED);
        return assigned ? "Assigned" : view.services().isEmpty() ? "Free" : "Declared";
    }

    /** Sockets of the same processes are one holder with several addresses. */
    private static List<Holder> holders(PortView view, Predicate<User> reader) {
        Map<String, List<PortView.Socket>> together = new LinkedHashMap<>();
        for (PortView.Socket socket : view.sockets()) {
            String who = socket.processes().isEmpty()
                    ? socket.holder().toString()
                    : socket.processes().stream()
                            .map(each -> each.ref().pid())
                            .toList()
                            .toString();
            together.computeIfAbsent(who, any -> new ArrayList<>()).add(socket);
        }
        return together.values().stream().map(each -> holder(each, reader)).toList();
    }

    private static Holder holder(List<PortView.Socket> sockets, Predicate<User> reader) {
        PortView.Socket first = sockets.get(0);
        HolderView holder = HolderView.of(first.holder());
        List<Long> pids = first.processes().isEmpty()
                ? holder.pid().stream().toList()
                : first.processes().stream().map(each -> each.ref().pid()).toList();
        return new Holder(
                pids,
                holder.kind(),
                holder.user(),
                holder.uid(),
                holder.command(),
                holder.startTime(),
                holder.unit(),
                holder.container(),
                holder.respawner(),
                holder.service(),
                sockets.stream()
                        .map(PortView.Socket::listener)
                        .map(Listener::address)
                        .distinct()
                        .toList(),
                holder.description(),
                first.processes().stream()
                        .map(each -> ProcessView.of(each, reader))
                        .toList());
    }

    static String table(List<PortView> ports) {
        if (ports.isEmpty()) {
            return "No port is in use, reserved or declared.\n";
        }
        TextTable table = TextTable.of("PORT", "STATE", "ADDRESS", "PID", "USER", "KIND", "SERVICE", "COMMAND");
        for (PortView port : ports) {
            String services = port.services().stream()
                    .map(use -> use.service() + " (" + Wire.lower(use.role()) + ")")
                    .collect(Collectors.joining(", "));
            // The columns tell nothing that is kept from anybody.
            List<Holder> holders = holders(port, anybody -> false);
            if (holders.isEmpty()) {
                table.row(port.port(), state(port), "", "", "", "", services, reserved(port));
            }
            Set<Long> berths = berths(port);
            holders.forEach(holder -> table.row(
                    port.port(),
                    state(port),
                    String.join(" ", holder.addresses()),
                    holder.pids().stream().map(String::valueOf).collect(Collectors.joining(",")),
                    holder.user().orElse(""),
                    holder.kind(),
                    services,
                    (!holder.pids().isEmpty() && berths.containsAll(holder.pids()) ? "Berth: " : "")
                            + holder.command().orElse(holder.description())));
        }
        return table.toString();
    }

    /** The holders that are a Berth, which no kind says. */
    private static Set<Long> berths(PortView port) {
        return port.sockets().stream()
                .flatMap(socket -> socket.processes().stream())
                .filter(BerthIdentity::isBerth)
                .map(process -> process.ref().pid())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String reserved(PortView port) {
        return port.reservation().map(each -> "reserved for " + each.holder()).orElse("");
    }

    static String text(PortView port, List<Conflict> history, PortRisk risk) {
        String events = history.isEmpty() ? "" : "\nConflicts about it\n" + ConflictView.table(history);
        return port.explanation() + "\n" + RiskView.of(risk).text() + (port.inUse() ? "\n" + table(List.of(port)) : "")
                + events;
    }
}
