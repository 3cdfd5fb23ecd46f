/** Logs as files on a real disk, written by real processes. */
@NullMarked
package dev.berth.logs;

import org.jspecify.annotations.NullMarked;
