package dev.berth.api;

import java.util.function.Supplier;

/**
 * An answer in both of its forms.
 *
 * @param view for programs: what JSON and YAML are made of
 * @param text for people
 */
record Reply(Object view, Supplier<String> text) {}
