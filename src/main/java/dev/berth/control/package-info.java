/**
 * The loop that keeps the machine as declared, and what people ask of it. The queue carries names, never events; one pass
 * looks at the world anew:
 *
 * <pre>
 * observe → plan → store intent → prove identity again → act → verify → store outcome and status → requeue or back off
 * </pre>
 *
 * <p>Guarantees: one pass at a time per key, many keys at once; no port is committed to two services; nothing is signalled
 * before its intent is on disk, nor without a fresh look that agrees with the plan; waiting (a grace period, a respawn
 * watch, a backoff) is a requeue and never occupies a thread; a settled world costs no write, no signal and no log line;
 * no database transaction is open across a look at the host or a signal; everything here can be dropped at any moment and
 * made again from the store.
 *
 * <p>Time and threads come from outside: an {@code InstantSource} for records, a monotonic ticker for delays, executors for
 * threads; a simulation pumps the same classes with one thread ({@link dev.berth.control.ControlLoop#runNext}).
 */
@NullMarked
package dev.berth.control;

import org.jspecify.annotations.NullMarked;
