/**
 * How a declaration becomes a process: templates filled, the environment put together, what must be there looked for. Reads
 * files; starts nothing.
 */
@NullMarked
package dev.berth.launch;

import org.jspecify.annotations.NullMarked;
