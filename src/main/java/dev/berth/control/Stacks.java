package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.Actor;
import dev.berth.model.AuditEntry;
import dev.berth.model.Caller;
import dev.berth.model.ObjectRef;
import dev.berth.model.Outcome;
import dev.berth.model.Reservation;
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

    /** Judging takes its time, in which passes of the loop may make a service another one; then that is left to them. */
    private static final int JUDGED_TRIES = 2;

    private final Registry registry;
    private final Declarations declarations;
    private final FirstPass firstPass;
    private final Deletions deletions;
    private final StackReservations reservations;
    private final DryRuns dryRuns;
    private final Consumer<WorkKey> enqueue;
    private final InstantSource clock;

    Stacks(
            Registry registry,
            Declarations declarations,
            FirstPass firstPass,
            Deletions deletions,
            StackReservations reservations,
            DryRuns dryRuns,
            Consumer<WorkKey> enqueue,
            InstantSource clock) {
        this.registry = registry;
        this.declarations = declarations;
        this.firstPass = firstPass;
        this.deletions = deletions;
        this.reservations = reservations;
        this.dryRuns = dryRuns;
        this.enqueue = enqueue;
        this.clock = clock;
    }

    /**
     * Does what the file says. Its ports are reserved first, so that its services can't take them; when the rest can't be
     * stored, they are given back.
     *
     * @param caller becomes the owner of what is new
     */
    public Applied apply(Stack stack, Caller caller)
            throws StoreException, StaleVersionException, ObservationException {
        StackReservations.Outcome ports = reservations.make(stack.reservations(), stack.name(), caller, false);
        if (ports.refused().isPresent()) {
            return new Applied.NoPort(ports.refused().get());
        }
        boolean complete = false;
        try {
            Applied.Done done = declare(stack, ports, caller);
            complete = true;
            return done;
        } finally {
            if (!complete) {
                reservations.release(ports.made(), caller);
            }
        }
    }

    private Applied.Done declare(Stack stack, StackReservations.Outcome ports, Caller caller)
            throws StoreException, StaleVersionException {
        for (int tries = 1; ; tries++) {
            try {
                return tryDeclare(stack, ports, caller, tries <= JUDGED_TRIES);
            } catch (StaleVersionException e) {
                if (tries == Declarations.TRIES) {
                    throw e;
                }
            }
        }
    }

    private Applied.Done tryDeclare(Stack stack, StackReservations.Outcome ports, Caller caller, boolean judging)
            throws StoreException, StaleVersionException {
        ChangeSet.Builder changes = ChangeSet.builder();
        SettingChanges.add(stack.settings(), registry.settingOverrides(), caller.actor(), clock.instant(), changes);
        List<Declarations.Wanted> all = wanted(stack, caller);
        List<FirstPass.Wish> changed = all.stream()
                .filter(each -> each.change() != Declared.Change.UNCHANGED)
                .map(each -> new FirstPass.Wish(
                        each.service(),
                        declarations.audit(each, registry.service(each.service().key()), caller)))
                .toList();
        List<Service> pruned = abandoned(stack, caller);
        for (Service service : pruned) {
            deletions.add(service, caller.actor(), clock.instant(), changes);
        }
        Map<ObjectRef, StoredObject> stored = new LinkedHashMap<>();
        // Judged by the settings that hold now, not by those that the file brings, and with all that are there now.
        firstPass
                .store(changed, changes, judging && stack.settings().isEmpty() && pruned.isEmpty())
                .forEach(object -> stored.put(object.ref(), object));
        all.stream()
                .filter(each -> each.change() == Declared.Change.UNCHANGED)
                .forEach(each -> enqueue.accept(WorkKey.service(each.service().key())));
        pruned.forEach(deletions::done);
        List<Reservation> released = reservations.abandoned(stack, ports.kept(), caller);
        reservations.release(released, caller);
        return new Applied.Done(
                all.stream()
                        .map(wanted -> new Declared(
                                wanted.change(),
                                stored.get(wanted.service().ref()) instanceof Service service
                                        ? service
                                        : wanted.service()))
                        .toList(),
                pruned.stream().map(Service::key).toList(),
                ports.made(),
                released,
                ports.warnings());
    }

    /** The dry run of the file's reservations. */
    public Applied planReservations(Stack stack, Caller caller)
            throws StoreException, StaleVersionException, ObservationException {
        StackReservations.Outcome ports = reservations.make(stack.reservations(), stack.name(), caller, true);
        return ports.refused()
                .<Applied>map(Applied.NoPort::new)
                .orElseGet(() -> new Applied.Done(
                        List.of(),
                        List.of(),
                        ports.made(),
                        reservations.abandoned(stack, ports.kept(), caller),
                        ports.warnings()));
    }

    /** Notes that a source says what can't be done, and what is declared stays as it is. */
    public void refused(String source, String why, User on) throws StoreException, StaleVersionException {
        registry.commit(ChangeSet.builder()
                .audit(new AuditEntry(
                        clock.instant(),
                        Actor.CONTROLLER,
                        Audits.DECLARATIONS_REFUSED,
                        new AuditEntry.Target("Source", Optional.empty(), source),
                        why,
                        Outcome.FAILED,
                        "what was declared for " + on.display() + " before stays",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .build());
    }

    /** The dry run of {@link #apply}; each service is judged as if the earlier ones had got their ports. */
    public List<Planned> plan(Stack stack, Caller caller) {
        return dryRuns.declare(wanted(stack, caller), abandoned(stack, caller));
    }

    /**
     * Would the declaration, as part of a stack of this name, make the service another one than it is?
     *
     * @param name empty for a file that names none: then the service stays of the stack that it is of
     */
    public boolean changes(Declaration declaration, Optional<String> name) {
        Declaration wanted = name.map(each -> inStack(declaration, each)).orElse(declaration);
        return registry.service(declaration.key())
                .filter(existing -> Wishes.changed(existing, wanted).equals(existing))
                .isEmpty();
    }

    private List<Declarations.Wanted> wanted(Stack stack, Caller caller) {
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
        return new Declaration(
                declaration.key(), declaration.spec(), declaration.labels(), annotations, declaration.owner());
    }

    private List<Service> abandoned(Stack stack, Caller caller) {
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
                // Names of stacks are everybody's: another user's of the same name is no earlier version of this one.
                .filter(service -> caller.mayChange(service) && isOf(caller, service))
                .toList();
    }

    private static boolean isOf(Caller caller, Service service) {
        return service.metadata().owner().uid() == caller.user().uid()
                || service.metadata().namespace().equals(caller.namespace());
    }
}
