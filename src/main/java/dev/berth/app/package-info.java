/**
 * Wiring: the only package that names implementations, reads real clocks and owns threads. Everything else is
 * handed what it needs.
 */
@NullMarked
package dev.berth.app;

import org.jspecify.annotations.NullMarked;
