package dev.berth.sim;

import dev.berth.host.PortHold;
import dev.berth.model.PortKey;
import dev.berth.model.Reservation;
import dev.berth.store.Registry;
import java.util.List;
import java.util.Optional;

/** What breaks promises about ports that are held. */
final class HoldSabotage {
    private HoldSabotage() {}

    /** A hold that nobody can end. */
    record Leaking(PortHold real) implements PortHold {
        @Override
        public Bind tryBind(PortKey port, String host) {
            return real.tryBind(port, host);
        }

        @Override
        public Optional<Held> hold(PortKey port) {
            return real.hold(port).map(held -> new Named(port));
        }

        @Override
        public boolean enforced() {
            return real.enforced();
        }
    }

    /** Nothing is bound. */
    record Pretended(PortHold real) implements PortHold {
        @Override
        public Bind tryBind(PortKey port, String host) {
            return real.tryBind(port, host);
        }

        @Override
        public Optional<Held> hold(PortKey port) {
            return Optional.of(new Named(port));
        }

        @Override
        public boolean enforced() {
            return real.enforced();
        }
    }

    private record Named(PortKey port) implements PortHold.Held {
        @Override
        public void close() {
            // Nothing happens, and that is the sabotage.
        }
    }

    /** Tells nobody of reservations. */
    record Unreserved(Registry real) implements RegistryFront {
        @Override
        public Optional<Reservation> reservation(PortKey port) {
            return Optional.empty();
        }

        @Override
        public List<Reservation> reservations() {
            return List.of();
        }
    }
}
