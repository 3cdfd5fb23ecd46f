package dev.berth.launch;

/**
 * Why a service can't be started.
 *
 * @param field of the declaration, such as {@code command[1]}
 * @param reason a sentence for the person who has to mend it
 * @param waits nobody has to mend it: it goes by itself when ports are assigned
 */
public record Obstacle(String field, String reason, boolean waits) {
    static Obstacle toMend(String field, String reason) {
        return new Obstacle(field, reason, false);
    }

    static Obstacle waiting(String field, String reason) {
        return new Obstacle(field, reason, true);
    }
}
