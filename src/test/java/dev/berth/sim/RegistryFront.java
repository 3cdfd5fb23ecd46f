package dev.berth.sim;

import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.PortKey;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.SettingOverride;
import dev.berth.model.StoredObject;
import dev.berth.model.Token;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A registry in front of the real one, for those that differ from it in one thing. */
interface RegistryFront extends Registry {
    Registry real();

    @Override
    default Optional<Service> service(ServiceKey key) {
        return real().service(key);
    }

    @Override
    default List<Service> services() {
        return real().services();
    }

    @Override
    default Optional<Conflict> conflict(String id) {
        return real().conflict(id);
    }

    @Override
    default List<Conflict> openConflicts() {
        return real().openConflicts();
    }

    @Override
    default Optional<Eviction> eviction(PortKey port) {
        return real().eviction(port);
    }

    @Override
    default List<Eviction> evictions() {
        return real().evictions();
    }

    @Override
    default Optional<Reservation> reservation(PortKey port) {
        return real().reservation(port);
    }

    @Override
    default List<Reservation> reservations() {
        return real().reservations();
    }

    @Override
    default List<SettingOverride> settingOverrides() {
        return real().settingOverrides();
    }

    @Override
    default List<Token> tokens() {
        return real().tokens();
    }

    @Override
    default long resourceVersion() {
        return real().resourceVersion();
    }

    @Override
    default List<StoredObject> commit(ChangeSet changes) throws StoreException, StaleVersionException {
        return real().commit(changes);
    }

    @Override
    default void onCommit(Consumer<List<Store.JournalRow>> listener) {
        real().onCommit(listener);
    }

    @Override
    default Optional<String> writeTrouble() {
        return real().writeTrouble();
    }
}
