package dev.berth.api;

import java.util.Collection;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the gate must know of this Berth.
 *
 * @param port where it listens
 * @param allowedHosts the setting, as it is now
 * @param nanos monotonic nanoseconds
 */
public record Access(Supplier<Integer> port, Supplier<Collection<String>> allowedHosts, LongSupplier nanos) {}
