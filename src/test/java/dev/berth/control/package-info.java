/** The parts of the loop by themselves; the whole of it is in {@code dev.berth.sim}. */
@NullMarked
package dev.berth.control;

import org.jspecify.annotations.NullMarked;
