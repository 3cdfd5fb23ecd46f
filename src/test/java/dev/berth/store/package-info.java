/** Tests of Berth's memory, and {@link dev.berth.store.MemoryStore}, which fails when told to. */
@NullMarked
package dev.berth.store;

import org.jspecify.annotations.NullMarked;
