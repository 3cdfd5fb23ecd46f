package dev.berth.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One thing that was done about a conflict; {@code took} is empty while it goes on. */
public record ConflictAction(String action, String detail, Instant at, Outcome outcome, Optional<Duration> took) {}
