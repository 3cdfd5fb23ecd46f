/**
 * The logs of services: the files that they append to themselves, kept bounded and read from the end. Writers hold their
 * descriptor, so a log keeps its file; only its head is taken away. Whatever a service wrote, reading it throws nothing but
 * {@link java.io.IOException}.
 */
@NullMarked
package dev.berth.logs;

import org.jspecify.annotations.NullMarked;
