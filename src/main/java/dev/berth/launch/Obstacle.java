package dev.berth.launch;

import java.util.Optional;

/**
 * Why a service can't be started.
 *
 * @param field of the declaration, such as {@code command[1]}
 * @param reason a sentence for the person who has to mend it
 * @param detail what else may help them and is too long for a line of a table
 * @param waits nobody has to mend it: it goes by itself when ports are assigned
 */
public record Obstacle(String field, String reason, Optional<String> detail, boolean waits) {
    static Obstacle toMend(String field, String reason) {
        return toMend(field, reason, Optional.empty());
    }

    static Obstacle toMend(String field, String reason, Optional<String> detail) {
        return new Obstacle(field, reason, detail, false);
    }

    static Obstacle waiting(String field, String reason) {
        return new Obstacle(field, reason, Optional.empty(), true);
    }

    /** The reason with the detail. */
    String whole() {
        return detail.map(more -> reason + "; " + more).orElse(reason);
    }
}
