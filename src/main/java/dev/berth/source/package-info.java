/** Where declarations come from beside calls: the seam for plugins, and the watched file. */
@NullMarked
package dev.berth.source;

import org.jspecify.annotations.NullMarked;
