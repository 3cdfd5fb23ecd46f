package dev.berth.api;

import dev.berth.config.DeclaredService;
import dev.berth.config.Document;
import dev.berth.config.Reading;
import dev.berth.config.SettingEffect;
import dev.berth.config.Settings;
import dev.berth.config.SpecRules;
import dev.berth.config.StackFile;
import dev.berth.config.StackReader;
import dev.berth.control.Applied;
import dev.berth.control.Declaration;
import dev.berth.control.Stack;
import dev.berth.control.Stacks;
import dev.berth.host.ObservationException;
import dev.berth.model.Caller;
import dev.berth.model.Fault;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.User;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Takes whole files, whoever brings them: a call, or a source of declarations that is watched. */
public final class StackCalls {
    private final Backend backend;
    private final DependencyTurns turns;

    public StackCalls(Backend backend) {
        this.backend = backend;
        this.turns = new DependencyTurns(backend.control().declarations());
    }

    /**
     * A file as it was brought.
     *
     * @param base where its relative paths start; empty leaves them as they are
     * @param called what it is called where it names no stack itself; empty when it comes from nowhere in particular
     * @param prune with a name: delete what an earlier one of it declared and this one doesn't
     * @param keepStopped start nothing: what doesn't run is declared as stopped, whatever the file says
     */
    public record Brought(
            List<Document> documents,
            Optional<Path> base,
            Optional<String> called,
            boolean prune,
            boolean keepStopped) {
        public Brought {
            documents = List.copyOf(documents);
        }

        public Brought(List<Document> documents, Optional<Path> base, Optional<String> called, boolean prune) {
            this(documents, base, called, prune, false);
        }
    }

    /** A file that was understood, with all that its settings would do. */
    public record Wish(StackFile file, Stack stack, List<SettingEffect> effects, List<Fault> warnings) {
        List<PlanView.Step> settingSteps() {
            return SettingWords.steps(effects, Optional.of(name()));
        }

        Wish warningOf(List<Fault> more) {
            List<Fault> all = new ArrayList<>(warnings);
            all.addAll(more);
            return new Wish(file, stack, effects, List.copyOf(all));
        }

        String name() {
            return stack.name().orElse(SettingEffect.UNNAMED);
        }
    }

    /** What is done with a file that was understood. */
    interface Use<T> {
        Told<T> of(Wish wish) throws StoreException, StaleVersionException, ObservationException;
    }

    /** What was done, before it is known what is to be warned of. */
    interface Told<T> {
        /** @param wish with all its warnings */
        T with(Wish wish);
    }

    /**
     * Reads the file, and does something with it in its turn: until that is done, no other change may close a circle of
     * dependencies with it. What the machine lacks for its services is added to the warnings. That is looked for beside it,
     * because a look at a user's files may take its time, and only for a caller who may change what the file declares, because it
     * is made with the rights of whoever owns that.
     */
    <T> Reading<T> take(Brought brought, Caller caller, Use<T> use)
            throws StoreException, StaleVersionException, ObservationException {
        Basis basis = basis();
        Reading<Wish> first = read(brought, caller);
        if (first instanceof Reading.Refused<Wish> refused) {
            return new Reading.Refused<>(refused.faults());
        }
        Wish judged = ((Reading.Valid<Wish>) first).value();
        requireRights(judged, caller);
        try (Beside.Work<List<Fault>> lacking = backend.beside().begin(pointless -> lacking(judged, pointless))) {
            Reading<Taken<T>> taken = inTurn(brought, caller, basis, first, judged, use);
            if (taken instanceof Reading.Refused<Taken<T>> refused) {
                return new Reading.Refused<>(refused.faults());
            }
            Taken<T> done = ((Reading.Valid<Taken<T>>) taken).value();
            List<Fault> warnings = done.wish() == judged ? lacking.get() : lacking(done.wish(), () -> false);
            Wish wish = done.wish().warningOf(warnings);
            return new Reading.Valid<>(done.told().with(wish), wish.warnings());
        }
    }

    private <T> Reading<Taken<T>> inTurn(
            Brought brought, Caller caller, Basis basis, Reading<Wish> first, Wish judged, Use<T> use)
            throws StoreException, StaleVersionException, ObservationException {
        Set<String> namespaces = judged.stack().services().stream()
                .map(each -> each.key().namespace())
                .collect(Collectors.toSet());
        return turns.in(namespaces, () -> {
            // Once more, where something it depends on changed while it waited.
            Reading<Wish> reading = basis.equals(basis()) ? first : read(brought, caller);
            if (reading instanceof Reading.Refused<Wish> refused) {
                return new Reading.Refused<>(refused.faults());
            }
            Wish wish = ((Reading.Valid<Wish>) reading).value();
            return new Reading.Valid<>(new Taken<>(wish, use.of(wish)), List.of());
        });
    }

    private List<Fault> lacking(Wish wish, BooleanSupplier pointless) {
        return Warnings.unmet(backend, wish.stack().services(), pointless);
    }

    private record Taken<T>(Wish wish, Told<T> told) {}

    /** All that a reading depends on but the file itself: as long as it is the same, so is what is read. */
    private record Basis(long resourceVersion, Settings settings) {}

    private Basis basis() {
        return new Basis(
                backend.registry().resourceVersion(), backend.settings().get());
    }

    /** What the file asks for, or all its faults with their places. */
    public Reading<Wish> read(Brought brought, Caller caller) {
        SpecRules rules = brought.base().map(backend.specRules()::startingAt).orElseGet(backend::specRules);
        Reading<StackFile> reading =
                StackReader.read(brought.documents(), rules, caller.namespace(), backend::declaredSpec);
        if (reading instanceof Reading.Refused<StackFile> refused) {
            return new Reading.Refused<>(refused.faults());
        }
        Reading.Valid<StackFile> valid = (Reading.Valid<StackFile>) reading;
        StackFile file = valid.value();
        Optional<String> name = file.stack().or(brought::called);
        if (brought.prune() && name.isEmpty()) {
            return new Reading.Refused<>(
                    List.of(new Fault("stack", "prune=true needs the name of the stack that it prunes", "")));
        }
        List<Declaration> declarations = file.services().stream()
                .map(each -> new Declaration(
                        each.key(),
                        brought.keepStopped() ? notStarted(each) : each.spec(),
                        each.labels(),
                        each.annotations(),
                        Optional.of(backend.permissions().owner(each.key().namespace(), caller))))
                .toList();
        List<SettingEffect> effects =
                SettingEffect.ofFile(name, file.settings(), backend.settings().get());
        String called = name.orElse(SettingEffect.UNNAMED);
        Stack stack = new Stack(
                name, declarations, file.reservations(), SettingWords.ofFile(effects, called), brought.prune());
        List<Fault> warnings = new ArrayList<>(valid.warnings());
        warnings.addAll(SettingWords.warnings(effects, called));
        declarations.forEach(each -> ofAnother(each, name).ifPresent(warnings::add));
        return new Reading.Valid<>(new Wish(file, stack, effects, List.copyOf(warnings)), warnings);
    }

    /** Two projects that happen to use one name would change each other's service without a word. What changes nothing is none. */
    private Optional<Fault> ofAnother(Declaration declaration, Optional<String> name) {
        ServiceKey key = declaration.key();
        // An export of several stacks says of each service which it is of.
        Optional<String> stack = name.or(() -> stack(declaration.annotations()));
        return backend.registry()
                .service(key)
                .flatMap(service -> stack(service.metadata().annotations()))
                .filter(before -> !Optional.of(before).equals(stack)
                        && backend.control().stacks().changes(declaration, name))
                .map(before -> new Fault(
                        "services." + key.name(),
                        "the stack " + before
                                + " declares a service of this name too, and it is the same one; where two are"
                                + " meant, name them differently or give one a namespace (team-a/" + key.name() + ")",
                        ""));
    }

    private static Optional<String> stack(Map<String, String> annotations) {
        return Optional.ofNullable(annotations.get(Stacks.STACK_ANNOTATION));
    }

    private ServiceSpec notStarted(DeclaredService declared) {
        boolean runs = backend.declaredSpec(declared.key())
                .filter(ServiceSpec::running)
                .isPresent();
        return declared.spec().toBuilder()
                .running(declared.spec().running() && runs)
                .build();
    }

    public Applied apply(Wish wish, Caller caller) throws StoreException, StaleVersionException, ObservationException {
        requireRights(wish, caller);
        return backend.control().stacks().apply(wish.stack(), caller);
    }

    /** All of it, or nothing: a file that asks for one thing which is not the caller's to change is refused as a whole. */
    private void requireRights(Wish wish, Caller caller) {
        Permissions permissions = backend.permissions();
        permissions.requireChanges(caller);
        Map<ServiceKey, ServiceSpec> wanted = new HashMap<>();
        for (Declaration each : wish.stack().services()) {
            permissions.requireChange(each.key(), caller);
            wanted.put(each.key(), each.spec());
        }
        permissions.requireRoom(wanted, caller);
        if (!wish.stack().settings().isEmpty()) {
            permissions.requireAdministrator(caller, "the settings, as this file does,");
        }
        if (!wish.stack().reservations().isEmpty() && caller.isLimitedToOwn()) {
            // What a file keeps and gives back goes by the stack's name, whoever made it.
            permissions.requireAdministrator(caller, "reservations by a file");
        }
    }

    /** What {@link #apply} would do, step by step. */
    List<PlanView.Step> plan(Wish wish, Caller caller)
            throws StoreException, StaleVersionException, ObservationException {
        requireRights(wish, caller);
        List<PlanView.Step> steps = new ArrayList<>(wish.settingSteps());
        Applied ports = backend.control().stacks().planReservations(wish.stack(), caller);
        if (ports instanceof Applied.NoPort none) {
            throw ReservationsResource.refusal(none.why());
        } else if (ports instanceof Applied.Done done) {
            done.reserved().forEach(each -> steps.add(ReservationsResource.step("ReservePort", each, "it is free")));
            done.released()
                    .forEach(each ->
                            steps.add(ReservationsResource.step("ReleaseReservation", each, "no longer named")));
        }
        steps.addAll(PlanView.steps(backend.control().stacks().plan(wish.stack(), caller)));
        return steps;
    }

    /** A source says nothing any longer under this name: what it declared goes. */
    public void forget(String name, Caller caller) throws StoreException, StaleVersionException, ObservationException {
        List<SettingEffect> effects = SettingEffect.ofFile(
                Optional.of(name), Map.of(), backend.settings().get());
        backend.control()
                .stacks()
                .apply(
                        new Stack(Optional.of(name), List.of(), List.of(), SettingWords.ofFile(effects, name), true),
                        caller);
    }

    /** The names of stacks that something was declared under. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        backend.registry()
                .services()
                .forEach(service -> stack(service.metadata().annotations()).ifPresent(names::add));
        backend.registry().reservations().forEach(each -> each.stack().ifPresent(names::add));
        return names;
    }

    /** Notes that what a source says was refused. */
    public void refused(String source, String why, User on) throws StoreException, StaleVersionException {
        backend.control().stacks().refused(source, why, on);
    }
}
