package dev.berth.control;

import dev.berth.model.Actor;
import dev.berth.model.ObjectRef;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.StoredObject;
import dev.berth.model.User;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Applies whole files: everything that one says, or nothing, in one change. */
public final class Stacks {
    /** Remembers which stack an apply belonged to, for pruning. */
    public static final String STACK_ANNOTATION = "berth.dev/stack";

    private final Registry registry;
    private final Declarations declarations;
    private final Deletions deletions;
    private final DryRuns dryRuns;
    private final Consumer<WorkKey> enqueue;
    private final InstantSource clock;

    Stacks(
            Registry registry,
            Declarations declarations,
            Deletions deletions,
            DryRuns dryRuns,
            Consumer<WorkKey> enqueue,
            InstantSource clock) {
        this.registry = registry;
        this.declarations = declarations;
        this.deletions = deletions;
        this.dryRuns = dryRuns;
        this.enqueue = enqueue;
        this.clock = clock;
    }

    /** Declares what the file says. @param caller becomes the owner of new services */
    public Applied apply(Stack stack, User caller) throws StoreException, StaleVersionException {
        for (int tries = 1; ; tries++) {
            try {
                return tryApply(stack, caller);
            } catch (StaleVersionException e) {
                if (tries == Declarations.TRIES) {
                    throw e;
                }
            }
        }
    }

    private Applied tryApply(Stack stack, User caller) throws StoreException, StaleVersionException {
        ChangeSet.Builder changes = ChangeSet.builder();
        SettingChanges.add(stack.settings(), registry.settingOverrides(), Actor.user(caller), clock.instant(), changes);
        List<Declarations.Wanted> all = wanted(stack, caller);
        for (Declarations.Wanted wanted : all) {
            if (wanted.change() != Declared.Change.UNCHANGED) {
                changes.put(wanted.service());
                changes.audit(declarations.audit(
                        wanted, registry.service(wanted.service().key()), caller));
            }
        }
        List<Service> pruned = abandoned(stack);
        for (Service service : pruned) {
            deletions.add(service, Actor.user(caller), clock.instant(), changes);
        }
        Map<ObjectRef, StoredObject> stored = new LinkedHashMap<>();
        registry.commit(changes.build()).forEach(object -> stored.put(object.ref(), object));
        all.forEach(wanted -> enqueue.accept(WorkKey.service(wanted.service().key())));
        pruned.forEach(deletions::done);
        return new Applied(
                all.stream()
                        .map(wanted -> new Declared(
                                wanted.change(),
                                stored.get(wanted.service().ref()) instanceof Service service
                                        ? service
                                        : wanted.service()))
                        .toList(),
                pruned.stream().map(Service::key).toList());
    }

    /** The dry run of {@link #apply}; each service is judged as if the earlier ones had got their ports. */
    public List<Planned> plan(Stack stack, User caller) {
        return dryRuns.declare(wanted(stack, caller), abandoned(stack));
    }

    private List<Declarations.Wanted> wanted(Stack stack, User caller) {
        Instant now = clock.instant();
        List<Declarations.Wanted> all = new ArrayList<>();
        for (Declaration declaration : stack.services()) {
            // A microsecond apart, so that who stands first in the file is the older one and has the first choice.
            Instant at = now.plusNanos(1000L * all.size());
            all.add(declarations.wanted(
                    stack.name().map(name -> inStack(declaration, name)).orElse(declaration),
                    registry.service(declaration.key()),
                    caller,
                    at));
        }
        return all;
    }

    private static Declaration inStack(Declaration declaration, String stack) {
        Map<String, String> annotations = new LinkedHashMap<>(declaration.annotations());
        annotations.put(STACK_ANNOTATION, stack);
        return new Declaration(declaration.key(), declaration.spec(), declaration.labels(), annotations);
    }

    private List<Service> abandoned(Stack stack) {
        if (!stack.prune() || stack.name().isEmpty()) {
            return List.of();
        }
        Set<ServiceKey> named = new HashSet<>();
        stack.services().forEach(declaration -> named.add(declaration.key()));
        return registry.services().stream()
                .filter(service -> Optional.ofNullable(
                                service.metadata().annotations().get(STACK_ANNOTATION))
                        .equals(stack.name()))
                .filter(service -> !named.contains(service.key()))
                .toList();
    }
}
