package dev.berth.sim;

import dev.berth.host.PortHold;
import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.PortKey;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.SettingOverride;
import dev.berth.model.StoredObject;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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
    record Unreserved(Registry real) implements Registry {
        @Override
        public Optional<Service> service(ServiceKey key) {
            return real.service(key);
        }

        @Override
        public List<Service> services() {
            return real.services();
        }

        @Override
        public Optional<Conflict> conflict(String id) {
            return real.conflict(id);
        }

        @Override
        public List<Conflict> openConflicts() {
            return real.openConflicts();
        }

        @Override
        public Optional<Eviction> eviction(PortKey port) {
            return real.eviction(port);
        }

        @Override
        public List<Eviction> evictions() {
            return real.evictions();
        }

        @Override
        public Optional<Reservation> reservation(PortKey port) {
            return Optional.empty();
        }

        @Override
        public List<Reservation> reservations() {
            return List.of();
        }

        @Override
        public List<SettingOverride> settingOverrides() {
            return real.settingOverrides();
        }

        @Override
        public long resourceVersion() {
            return real.resourceVersion();
        }

        @Override
        public List<StoredObject> commit(ChangeSet changes) throws StoreException, StaleVersionException {
            return real.commit(changes);
        }

        @Override
        public void onCommit(Consumer<List<Store.JournalRow>> listener) {
            real.onCommit(listener);
        }

        @Override
        public Optional<String> writeTrouble() {
            return real.writeTrouble();
        }
    }
}
