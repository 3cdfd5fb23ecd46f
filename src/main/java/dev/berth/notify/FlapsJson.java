package dev.berth.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.Severity;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link Flaps} in the file that says where each webhook stands; times are milliseconds since 1970. */
final class FlapsJson {
    private FlapsJson() {}

    static void write(Map<String, Flaps.Track> tracks, ObjectNode node) {
        tracks.forEach((uid, track) -> {
            ObjectNode one =
                    node.putObject(uid).put("severity", track.severity().name());
            track.spell()
                    .ifPresent(spell ->
                            one.put("since", spell.since().toEpochMilli()).put("count", spell.changes()));
            ObjectNode facts = one.putObject("facts");
            track.facts().forEach(facts::put);
            track.changes()
                    .forEach(change -> one.withArray("changes")
                            .addObject()
                            .put("at", change.at().toEpochMilli())
                            .put("down", change.down()));
        });
    }

    /** @throws IOException when it can't have been written by {@link #write} */
    static Map<String, Flaps.Track> read(JsonNode node) throws IOException {
        Map<String, Flaps.Track> tracks = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            JsonNode one = entry.getValue();
            List<Flaps.Change> changes = new ArrayList<>();
            one.path("changes")
                    .forEach(change -> changes.add(new Flaps.Change(
                            time(change.path("at")), change.path("down").asBoolean())));
            if (changes.isEmpty()) {
                // One that never changed does not flap.
                continue;
            }
            Map<String, String> facts = new LinkedHashMap<>();
            one.path("facts")
                    .properties()
                    .forEach(fact -> facts.put(fact.getKey(), fact.getValue().asText()));
            Optional<Flaps.Spell> spell = one.has("since")
                    ? Optional.of(new Flaps.Spell(
                            time(one.path("since")), one.path("count").asInt()))
                    : Optional.empty();
            tracks.put(entry.getKey(), new Flaps.Track(changes, severity(one.path("severity")), facts, spell));
        }
        return tracks;
    }

    private static Severity severity(JsonNode name) throws IOException {
        try {
            return Severity.valueOf(name.asText());
        } catch (IllegalArgumentException unknown) {
            throw new IOException("it names the severity \"" + name.asText() + "\", which there is none of", unknown);
        }
    }

    private static Instant time(JsonNode millis) {
        return Instant.ofEpochMilli(millis.asLong());
    }
}
