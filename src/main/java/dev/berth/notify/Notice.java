package dev.berth.notify;

import dev.berth.model.Severity;
import java.time.Instant;
import java.util.Map;

/**
 * One thing that people want to know.
 *
 * @param id the same whenever it is sent again: receivers know by it what they have
 * @param type one word, past tense where something happened
 * @param title one line
 * @param facts for programs: the service, port, conflict that it is of
 */
public record Notice(
        String id, String type, Severity severity, Instant at, String title, String text, Map<String, String> facts) {
    public Notice {
        facts = Map.copyOf(facts);
    }
}
