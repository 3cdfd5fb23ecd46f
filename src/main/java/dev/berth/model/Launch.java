package dev.berth.model;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One start of a service's program. Stored as an intent before the program is started, with its process afterwards: so a
 * crash in between is found out by the marker that every process of the launch carries.
 *
 * @param id names this launch; the value of the environment variable {@link Marker#LAUNCH} of its processes
 * @param step whether the service itself was started or what prepares it
 * @param port the port that it was told
 * @param fingerprint of everything that decides how it was started; another one means that it is to be restarted
 * @param act the audit act whose outcome is not stored yet; empty once it is known what became of the start
 * @param at when it was intended
 */
public record Launch(String id, Step step, OptionalInt port, String fingerprint, Optional<String> act, Instant at) {
    /** What is started. */
    public enum Step {
        /** The command {@code install}, which has to succeed before the service's own. */
        INSTALL,
        /** The service's command. */
        SERVICE
    }

    /** What became of the start is stored. */
    public Launch settled() {
        return new Launch(id, step, port, fingerprint, Optional.empty(), at);
    }
}
