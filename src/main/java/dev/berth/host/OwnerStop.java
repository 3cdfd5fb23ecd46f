package dev.berth.host;

import dev.berth.model.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Stops a systemd unit or a container through what owns it, as a person would ({@code systemctl stop}, {@code docker stop}). */
public interface OwnerStop {
    /** The command that would be run, for plans; empty when this machine has no way to do it. */
    Optional<List<String>> commandFor(Origin origin);

    /**
     * Runs it and waits at most {@code timeout}.
     *
     * @return empty when it succeeded, else why not, in words
     */
    Optional<String> stop(Origin origin, Duration timeout);
}
