package dev.berth.notify;

import java.time.Duration;

/**
 * When somebody is told that a service flaps instead of each of its changes.
 *
 * @param changes so many within the window; 0 tells each one
 * @param window how far back they count
 * @param calm how long nothing must change until it is told how the service is since
 */
public record Damping(int changes, Duration window, Duration calm) {}
