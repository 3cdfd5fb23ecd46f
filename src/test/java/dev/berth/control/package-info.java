/** Tests of the loop's own parts; whole stories are told in {@code dev.berth.sim}. */
@NullMarked
package dev.berth.control;

import org.jspecify.annotations.NullMarked;
