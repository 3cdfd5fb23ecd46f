package dev.berth.model;

/**
 * One thing that is wrong with an input.
 *
 * @param field path within the input, such as {@code alternativePorts[2]}
 * @param message what is allowed, for people
 * @param given what was found, as text
 */
public record Fault(String field, String message, String given) {}
