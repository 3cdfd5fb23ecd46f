/** Checks against real sockets and processes. */
@NullMarked
package dev.berth.health;

import org.jspecify.annotations.NullMarked;
