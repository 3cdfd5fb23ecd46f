package dev.berth.model;

import java.time.Instant;

/**
 * Somebody asked for one restart, or for one more try of a service that is down.
 *
 * @param key what the caller calls this request; the same key never restarts twice
 * @param force the old processes get no grace
 */
public record RestartRequest(String key, Actor by, boolean force, Instant at) {}
