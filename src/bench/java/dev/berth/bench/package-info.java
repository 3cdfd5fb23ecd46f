/** Programs that {@code src/bench/scripts} measures with, in the daemon's own JVM flags. */
@NullMarked
package dev.berth.bench;

import org.jspecify.annotations.NullMarked;
