package dev.berth.model;

import java.util.Optional;

/** A process above another one, nearest first in lists. */
public record Ancestor(ProcessRef ref, String comm, Optional<String> executable) {}
