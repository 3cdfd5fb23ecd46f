/**
 * Settings with the source of each value, declarations as people write them, and paths.
 *
 * <p>Guarantees: reading never guesses: every fault of an input is told, with where it stands, what was given and what is
 * allowed; nothing in an input is ignored silently.
 */
@NullMarked
package dev.berth.config;

import org.jspecify.annotations.NullMarked;
