/**
 * Berth's memory: current objects, one journal, one audit chain.
 *
 * <p>Guarantees: what {@link dev.berth.store.Registry#commit} has returned for is on disk; objects, journal and audit of one
 * change set are written together or not at all; reads of current objects never wait for a disk; a change set whose
 * precondition no longer holds changes nothing.
 */
@NullMarked
package dev.berth.store;

import org.jspecify.annotations.NullMarked;
