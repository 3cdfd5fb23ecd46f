/**
 * The packaged program, as a user runs it, against real processes on loopback. Every process is a child of the test, every
 * port is asked of the kernel, every wait is for a condition.
 */
@NullMarked
package dev.berth.it;

import org.jspecify.annotations.NullMarked;
