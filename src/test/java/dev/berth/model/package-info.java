/** What the words themselves promise. */
@NullMarked
package dev.berth.model;

import org.jspecify.annotations.NullMarked;
