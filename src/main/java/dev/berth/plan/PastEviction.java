package dev.berth.plan;

import dev.berth.model.PortKey;
import java.time.Instant;
import java.util.Optional;

/**
 * How it went when a holder of a port was ended before.
 *
 * @param command of what was ended
 * @param cameBack who restarted it, in words; empty when it stayed away
 */
public record PastEviction(PortKey port, String command, Instant at, Optional<String> cameBack) {}
