/**
 * Tells people elsewhere what happens, by webhooks. The journal is the queue: each webhook has its place in it, kept in a
 * file, and goes on there after a crash. So a notification about what was committed while the webhook was set is delivered
 * at least once, or given up and told so: after its attempts, when it is a day old, or when the journal no longer has it. Nothing here
 * keeps the loop from its work: every webhook has a thread of its own, and what listens to commits only wakes it.
 */
@NullMarked
package dev.berth.notify;

import org.jspecify.annotations.NullMarked;
