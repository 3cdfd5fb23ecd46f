/** What several tests lean on. Nothing here knows how Berth works. */
@NullMarked
package dev.berth.testing;

import org.jspecify.annotations.NullMarked;
