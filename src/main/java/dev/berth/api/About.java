package dev.berth.api;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * This daemon, as it tells people who it is.
 *
 * @param url where it listens
 * @param dataDirectory empty when its state is in memory
 * @param startedAt when it started
 */
public record About(String version, long pid, String url, Optional<Path> dataDirectory, Instant startedAt) {}
