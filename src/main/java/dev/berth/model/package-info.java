/**
 * What Berth talks about: immutable records for what is wanted, what was seen and what was done.
 *
 * <p>Guarantees: no value here does I/O or reads a clock; every record refuses impossible combinations in its
 * constructor; collections are immutable copies; what is not known is an {@code Optional} or an explicit unknown with
 * its reason, never a sentinel.
 */
@NullMarked
package dev.berth.model;

import org.jspecify.annotations.NullMarked;
