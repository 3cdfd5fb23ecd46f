package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.model.PortRange;
import dev.berth.model.Protocol;
import dev.berth.model.ReservationRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads wishes about reservations. */
public final class ReservationReader {
    private ReservationReader() {}

    /**
     * A wish to renew or to claim.
     *
     * @param holder who says so; empty when it doesn't matter
     */
    public record Renewal(Optional<String> holder, Optional<Duration> ttl, OptionalLong pid) {
        /** Nothing in particular. */
        public static final Renewal NOTHING = new Renewal(Optional.empty(), Optional.empty(), OptionalLong.empty());
    }

    /** A wish for a port, or for some of a range. */
    public static Reading<ReservationRequest> request(JsonNode tree) {
        Faults faults = new Faults();
        ReservationRequest request = request(tree, "", faults);
        return faults.isEmpty() ? new Reading.Valid<>(request, faults.warnings()) : faults.refused();
    }

    static ReservationRequest request(JsonNode tree, String path, Faults faults) {
        Fields fields = Fields.of(tree, path, "a reservation", faults);
        Optional<String> holder = holder(fields);
        if (holder.isEmpty() && !fields.has("holder")) {
            faults.add(
                    Document.member(path, "holder"),
                    "who is it for? A name: of a service that is to have it, or of whatever will bind it",
                    "");
        }
        OptionalInt port =
                fields.take("port").map(given -> SpecReader.port(fields, given)).orElse(OptionalInt.empty());
        Optional<PortRange> range = fields.take("portRange").flatMap(given -> SpecReader.range(fields, given));
        OptionalInt count = count(fields, path, range);
        Protocol protocol = fields.word("protocol", List.of("tcp", "udp"), "a protocol")
                .map(word -> word.equals("udp") ? Protocol.UDP : Protocol.TCP)
                .orElse(Protocol.TCP);
        Optional<Duration> ttl = ttl(fields);
        OptionalLong pid = pid(fields);
        fields.end();
        return new ReservationRequest(holder.orElse(""), protocol, port, range, count.orElse(1), ttl, pid);
    }

    private static OptionalInt count(Fields fields, String path, Optional<PortRange> range) {
        boolean byNumber = fields.has("port");
        for (String other : List.of("portRange", "count")) {
            if (byNumber && fields.has(other)) {
                fields.faults()
                        .add(
                                Document.member(path, other),
                                "either one port, or some of a range: leave out this, or \"port\"",
                                "");
            }
        }
        return fields.take("count")
                .map(given -> {
                    OptionalInt count = fields.number(given, 1, ReservationRequest.MOST, "the number of ports is ");
                    if (count.isPresent()
                            && range.filter(each -> each.size() < count.getAsInt())
                                    .isPresent()) {
                        fields.faults()
                                .add(
                                        given.path(),
                                        "the range has " + range.get().size() + " ports only",
                                        given.node());
                    }
                    return count;
                })
                .orElse(OptionalInt.empty());
    }

    /** A wish to renew: {@code holder}, {@code ttl} and {@code pid} may be said. */
    public static Reading<Renewal> renewal(JsonNode tree) {
        Faults faults = new Faults();
        Fields fields = Fields.of(tree, "", "a renewal", faults);
        Renewal renewal = new Renewal(holder(fields), ttl(fields), pid(fields));
        fields.end();
        return faults.isEmpty() ? new Reading.Valid<>(renewal, faults.warnings()) : faults.refused();
    }

    /** A wish to claim: {@code pid} may be said. */
    public static Reading<Renewal> claim(JsonNode tree) {
        Faults faults = new Faults();
        Fields fields = Fields.of(tree, "", "a claim", faults);
        Renewal claim = new Renewal(Optional.empty(), Optional.empty(), pid(fields));
        fields.end();
        return faults.isEmpty() ? new Reading.Valid<>(claim, faults.warnings()) : faults.refused();
    }

    private static Optional<String> holder(Fields fields) {
        return fields.text("holder", ReservationRequest.LONGEST_HOLDER).filter(text -> {
            if (text.chars().noneMatch(Character::isISOControl)) {
                return true;
            }
            fields.faults().add("holder", "a name in one line, without control characters", text);
            return false;
        });
    }

    private static Optional<Duration> ttl(Fields fields) {
        return fields.duration("ttl", ReservationRequest.SHORTEST_TTL, ReservationRequest.LONGEST_TTL);
    }

    private static OptionalLong pid(Fields fields) {
        OptionalInt pid = fields.take("pid")
                .map(given -> fields.number(given, 1, Integer.MAX_VALUE, "a process id is "))
                .orElse(OptionalInt.empty());
        return pid.isPresent() ? OptionalLong.of(pid.getAsInt()) : OptionalLong.empty();
    }
}
