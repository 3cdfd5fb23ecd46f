/**
 * What the machine is to Berth, as small seams: looking ({@link dev.berth.host.HostObserver}), signalling
 * ({@link dev.berth.host.ProcessControl}), trying and holding ports ({@link dev.berth.host.PortHold}), starting
 * ({@link dev.berth.host.Launcher}) and who calls ({@link dev.berth.host.CallerLookup}).
 *
 * <p>Guarantees of every implementation: a failed look is told apart from an empty one; nothing is signalled whose identity
 * was not proven at that moment; no method blocks for longer than its documentation says.
 */
@NullMarked
package dev.berth.host;

import org.jspecify.annotations.NullMarked;
