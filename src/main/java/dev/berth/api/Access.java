package dev.berth.api;

import dev.berth.model.User;
import java.util.Collection;
import java.util.function.Supplier;

/**
 * What the gate must know of this Berth.
 *
 * @param owner who runs it; besides root the only one who gets in
 * @param port where it listens
 * @param allowedHosts the setting, as it is now
 */
public record Access(User owner, Supplier<Integer> port, Supplier<Collection<String>> allowedHosts) {}
