/**
 * How users' own implementations of a seam are found by name. What can't be used is told in words; nothing of it stops the
 * start.
 */
@NullMarked
package dev.berth.plugin;

import org.jspecify.annotations.NullMarked;
