package dev.berth.control;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How the loop gets on, for health and metrics.
 *
 * @param lastObservation when the machine was last seen
 * @param observationTrouble why it can't be seen; empty when the last look succeeded
 * @param lastPass when a pass for some key last succeeded
 * @param lastResync when everything was last enqueued
 * @param queueDepth keys that are ready and not yet taken
 * @param oldestReady how long the key that waits longest has been ready
 * @param running passes under way
 * @param longestPass how long the pass that runs longest has been running
 * @param failing keys whose last pass failed and which wait to be tried again
 */
public record LoopProgress(
        Optional<Instant> lastObservation,
        Optional<String> observationTrouble,
        Optional<Instant> lastPass,
        Optional<Instant> lastResync,
        int queueDepth,
        Duration oldestReady,
        int running,
        Duration longestPass,
        int failing) {}
