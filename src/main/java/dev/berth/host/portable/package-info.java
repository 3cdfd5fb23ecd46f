/**
 * The host as OSHI and the JDK show it: for macOS, and for Linux where netlink is refused.
 *
 * <p>Guarantees: the same promises as elsewhere, with weaker means, and each weakness is told. Sockets have one known
 * holder at most; processes are identified by their start in milliseconds and not pinned while they are signalled; what the
 * system hides is a gap in the completeness of a look, never an absence.
 */
@NullMarked
package dev.berth.host.portable;

import org.jspecify.annotations.NullMarked;
