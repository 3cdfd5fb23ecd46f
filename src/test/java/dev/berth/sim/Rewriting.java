package dev.berth.sim;

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
import java.util.function.UnaryOperator;

/** A registry in front of the real one that writes something other than it was given. */
record Rewriting(Registry real, UnaryOperator<ChangeSet> rewrite) implements Registry {
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
        return real.reservation(port);
    }

    @Override
    public List<Reservation> reservations() {
        return real.reservations();
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
        return real.commit(rewrite.apply(changes));
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
