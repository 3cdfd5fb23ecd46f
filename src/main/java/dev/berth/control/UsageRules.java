package dev.berth.control;

import java.time.Duration;

/**
 * How the machine's use is watched, as the settings say now.
 *
 * @param interval between two samples
 */
public record UsageRules(Duration interval) {}
