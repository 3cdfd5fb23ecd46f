/**
 * Linux as the kernel tells it: sockets through netlink's sock_diag, processes through {@code /proc} and pidfds. The only
 * package that calls native code (JNA).
 *
 * <p>Guarantees: acquisition (system calls, reading of {@code /proc}) is thin and apart from parsing, which is pure and
 * tested on verbatim kernel output; kernel features are detected, not assumed from a version; an error carries its errno and
 * what it means; what was denied is told as denied and never as absent.
 */
@NullMarked
package dev.berth.host.linux;

import org.jspecify.annotations.NullMarked;
