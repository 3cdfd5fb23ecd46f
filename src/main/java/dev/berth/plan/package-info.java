/**
 * What should be done about one service, judged from what is wanted and what was seen. Pure: no clock, no I/O, no thread.
 *
 * <p>The rules, first that fits:
 *
 * <ol>
 *   <li>A service that has no port looks at its preferred one. Free (nothing listens on an address that its host needs, no
 *       other declaration and no reservation has it, no blockage is known, and the look covered the protocol) means assign.
 *   <li>Held by its own process (recorded, marked, or same user and pattern) means adopt, without a conflict. A same-user
 *       process that matches but is not the recorded instance of a service <em>with</em> a command is stale: restart.
 *   <li>Held by anything else is a contest. The strategy decides; the guard has the last word.
 *   <li>Two declarations that want one port are settled by age, whatever the strategy: the younger one yields.
 *   <li>A service that has a port keeps it. On an observed one without patterns, a same-user process that takes the port
 *       later is taken for the service ({@code HolderAssumed}), unless it is one that was ended for it before.
 *   <li>A service that moved goes home by {@code returnHome}.
 *   <li>What was not seen is never taken for absent: an uncovered protocol or an owner still searched for means wait.
 * </ol>
 *
 * <p>Guarantees: a settled situation plans no action; an unknown or protected holder is never planned to be ended, whatever
 * a strategy says; a port is never assigned that is used, reserved for somebody else, or assigned to another service.
 */
@NullMarked
package dev.berth.plan;

import org.jspecify.annotations.NullMarked;
