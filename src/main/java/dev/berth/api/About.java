package dev.berth.api;

import dev.berth.model.PortRange;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * This daemon, as it tells people who it is.
 *
 * @param url where it listens
 * @param dataDirectory empty when its state is in memory
 * @param startedAt when it started
 * @param ephemeralPorts what the kernel takes ports for outgoing connections from; empty where it doesn't tell
 */
public record About(
        String version,
        long pid,
        String url,
        Optional<Path> dataDirectory,
        Instant startedAt,
        Optional<PortRange> ephemeralPorts) {}
