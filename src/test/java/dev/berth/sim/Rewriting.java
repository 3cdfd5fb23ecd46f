package dev.berth.sim;

import dev.berth.model.StoredObject;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.util.List;
import java.util.function.UnaryOperator;

/** Writes something other than it was given. */
record Rewriting(Registry real, UnaryOperator<ChangeSet> rewrite) implements RegistryFront {
    @Override
    public List<StoredObject> commit(ChangeSet changes) throws StoreException, StaleVersionException {
        return real.commit(rewrite.apply(changes));
    }
}
