package dev.berth.control;

import dev.berth.model.ServiceKey;
import dev.berth.model.User;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Takes wishes for services: stores them, tells the loop, answers at once. What is returned is on disk.
 *
 * <p>An unchanged wish writes nothing. The generation grows with the spec only. Without a version to match, a change that
 * meets a concurrent one is made again on the newer state, a bounded number of times.
 */
public final class Declarations {
    /** Remembers which stack an apply belonged to, for pruning. */
    public static final String STACK_ANNOTATION = "berth.dev/stack";

    Declarations() {}

    /**
     * Creates the service or changes it to what is declared.
     *
     * @param caller becomes the owner of a new service; an existing one keeps its owner
     * @param ifMatch the resourceVersion that it must have
     * @throws StaleVersionException when {@code ifMatch} is given and is not the current version (or there is no such
     *     service), or when concurrent changes went on for too long
     */
    public Declared declare(Declaration declaration, User caller, OptionalLong ifMatch)
            throws StoreException, StaleVersionException {
        throw new UnsupportedOperationException("not yet");
    }

    /** Deletes the service; its history stays. One that has a process of its own is stopped first. */
    public Deleted delete(ServiceKey key, User caller, OptionalLong ifMatch)
            throws StoreException, StaleVersionException {
        throw new UnsupportedOperationException("not yet");
    }

    /**
     * Declares all of them, or none, in one change.
     *
     * @param stack the name of the file's stack; remembered with each service
     * @param prune with a stack: delete what an earlier apply of it declared and this one doesn't
     */
    public Applied applyAll(List<Declaration> declarations, Optional<String> stack, boolean prune, User caller)
            throws StoreException, StaleVersionException {
        throw new UnsupportedOperationException("not yet");
    }

    /** The dry run of {@link #declare}: judged by the same planner against the present world; writes nothing. */
    public Planned plan(Declaration declaration, User caller, OptionalLong ifMatch) throws StaleVersionException {
        throw new UnsupportedOperationException("not yet");
    }

    /** The dry run of {@link #delete}; empty when there is no such service. */
    public Optional<Planned> planDelete(ServiceKey key, OptionalLong ifMatch) throws StaleVersionException {
        throw new UnsupportedOperationException("not yet");
    }

    /** The dry run of {@link #applyAll}; each service is judged as if the earlier ones had got their ports. */
    public List<Planned> planAll(List<Declaration> declarations, Optional<String> stack, boolean prune, User caller) {
        throw new UnsupportedOperationException("not yet");
    }
}
