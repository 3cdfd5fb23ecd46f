/** How declarations become launches, with real files. */
@NullMarked
package dev.berth.launch;

import org.jspecify.annotations.NullMarked;
