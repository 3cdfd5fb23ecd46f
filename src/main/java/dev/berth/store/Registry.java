package dev.berth.store;

import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.PortKey;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.SettingOverride;
import dev.berth.model.StoredObject;
import dev.berth.model.Token;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Current objects in memory, and the one writer behind them.
 *
 * <p>Reads are plain memory and always consistent with a commit's end. {@link #commit} gathers what callers hand in at the
 * same time into one transaction (group commit) and returns after it is on disk. After a write whose fate is in doubt,
 * memory is loaded again from the store before the next one.
 */
public interface Registry {
    Optional<Service> service(ServiceKey key);

    /** Every service, by age: the oldest declaration first. */
    List<Service> services();

    Optional<Conflict> conflict(String id);

    /** Open conflicts only; closed ones are history and are asked of the {@link Store}. */
    List<Conflict> openConflicts();

    Optional<Eviction> eviction(PortKey port);

    List<Eviction> evictions();

    Optional<Reservation> reservation(PortKey port);

    /** By port. */
    List<Reservation> reservations();

    List<SettingOverride> settingOverrides();

    /** By name; expired ones too, until they are removed. */
    List<Token> tokens();

    /** The journal's sequence number that memory stands at. */
    long resourceVersion();

    /**
     * Writes the change set and waits for it to be on disk. An empty one returns at once.
     *
     * @return the objects as written, in the order of the writes, with their new versions; deletes left out
     * @throws StaleVersionException when a precondition does not hold; nothing was changed
     * @throws StoreException when it could not be written; nothing of it is visible in memory
     */
    List<StoredObject> commit(ChangeSet changes) throws StoreException, StaleVersionException;

    /**
     * Called after each commit, on the writer's thread, with what changed: when memory has it, and before the callers of
     * {@link #commit} have their answer. Must return at once.
     */
    void onCommit(Consumer<List<Store.JournalRow>> listener);

    /** Empty when the last write succeeded; else why it did not, and since when Berth can't write. */
    Optional<String> writeTrouble();
}
