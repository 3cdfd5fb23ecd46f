package dev.berth.api;

import dev.berth.config.DeclaredService;
import dev.berth.config.DependencyGraph;
import dev.berth.config.Document;
import dev.berth.config.Reading;
import dev.berth.config.ServiceReader;
import dev.berth.control.Declaration;
import dev.berth.control.Declarations;
import dev.berth.control.Declared;
import dev.berth.control.Deleted;
import dev.berth.control.Planned;
import dev.berth.control.RunRequests;
import dev.berth.control.Usage;
import dev.berth.host.ObservationException;
import dev.berth.model.Caller;
import dev.berth.model.Condition;
import dev.berth.model.Fault;
import dev.berth.model.Instances;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What can be asked of one service, whichever address it was asked at. */
final class ServiceCalls {
    /** How often a patch is applied to a newer version after somebody else was quicker. */
    private static final int TRIES = 5;

    private static final int OK = 200;
    private static final int CREATED = 201;

    private final Backend backend;
    private final Declarations declarations;
    private final DependencyTurns turns;

    ServiceCalls(Backend backend) {
        this.backend = backend;
        this.declarations = backend.control().declarations();
        this.turns = new DependencyTurns(declarations);
    }

    Response get(ServiceKey key, Caller caller) {
        Service service = existing(key);
        backend.control().usage().refresh();
        Optional<Usage> usage = backend.control().usage().latest(service);
        return tagged(
                        Response.ok(ServiceView.reply(
                                instances(service), usage, backend.permissions().mayReadSecrets(service, caller))),
                        service)
                .build();
    }

    private Reply view(Service service) {
        return ServiceView.reply(instances(service), Optional.empty(), true);
    }

    private Instances instances(Service service) {
        return Instances.of(service, backend.registry().services());
    }

    Response put(ServiceKey key, Document body, IfMatch ifMatch, boolean dryRun, Caller caller) {
        backend.permissions().requireChange(key, caller);
        Reading.Valid<DeclaredService> read = Bodies.valid(
                new ServiceReader(backend.specRules()).read(body.tree(), key), body, "the service " + key.name());
        DeclaredService wanted = read.value();
        backend.permissions().requireRoom(Map.of(key, wanted.spec()), caller);
        Optional<Service> current = backend.registry().service(key);
        OptionalLong version = version(wanted, current, ifMatch);
        Declaration declaration = declaration(wanted, caller);
        List<Fault> warnings = Warnings.of(backend, declaration, read.warnings());
        return Stored.answer(
                version.isPresent(),
                () -> inTurn(wanted, body, () -> declare(declaration, version, warnings, dryRun, caller)));
    }

    Response patch(ServiceKey key, Document patch, IfMatch ifMatch, boolean dryRun, Caller caller) {
        backend.permissions().requireChange(key, caller);
        return onCurrent(key, ifMatch, service -> {
            Document changed = new Document(ServicePatch.apply(service, patch), patch.places());
            Reading.Valid<DeclaredService> read = Bodies.valid(
                    new ServiceReader(backend.specRules()).read(changed.tree(), key),
                    changed,
                    "the patched service " + key.name());
            backend.permissions().requireRoom(Map.of(key, read.value().spec()), caller);
            version(read.value(), Optional.of(service), ifMatch);
            OptionalLong version = OptionalLong.of(service.resourceVersion());
            Declaration declaration = declaration(read.value(), caller);
            List<Fault> warnings = Warnings.of(backend, declaration, read.warnings());
            return inTurn(read.value(), changed, () -> declare(declaration, version, warnings, dryRun, caller));
        });
    }

    /** Starts, stops or restarts it. */
    Response ask(ServiceKey key, RunRequests.Wish wish, boolean dryRun, Caller caller) {
        backend.permissions().requireChange(key, caller);
        Service service = existing(key);
        if (service.spec().isObserved() && wish.verb() == RunRequests.Verb.RESTART) {
            throw Problems.conflict("the service " + key.name()
                    + " can't be restarted: it has no command, so Berth guards its port and starts nothing");
        }
        RunRequests requests = backend.control().requests();
        if (dryRun) {
            Planned planned = requests.plan(key, wish, caller).orElseThrow(() -> missing(key));
            return Response.ok(PlanView.reply(PlanView.steps(List.of(planned)), List.of()))
                    .build();
        }
        List<Fault> warnings = wish.verb() == RunRequests.Verb.RESTART && !wish.force()
                ? requests.plan(key, wish, caller).map(ServiceCalls::putOff).orElse(List.of())
                : List.of();
        Service changed = Stored.<Optional<Service>>answer(false, () -> requests.ask(key, wish, caller))
                .orElseThrow(() -> missing(key));
        Response.ResponseBuilder answer = Response.accepted(view(changed));
        Warnings.headers(warnings).forEach(each -> answer.header("Warning", each));
        return tagged(answer, changed).build();
    }

    /** Why what runs goes on although it was to be restarted. */
    private static List<Fault> putOff(Planned planned) {
        return planned.plan().conditions().stream()
                .filter(each -> each.type().equals(Condition.UP_TO_DATE))
                .map(each -> new Fault("", each.message(), ""))
                .toList();
    }

    Response delete(ServiceKey key, IfMatch ifMatch, boolean dryRun, Caller caller) {
        backend.permissions().requireChange(key, caller);
        OptionalLong version = ifMatch.against(Optional.of(existing(key)));
        if (dryRun) {
            Planned planned = Stored.<Optional<Planned>>answer(
                            version.isPresent(), () -> declarations.planDelete(key, version))
                    .orElseThrow(() -> missing(key));
            return Response.ok(PlanView.reply(PlanView.steps(List.of(planned)), List.of()))
                    .build();
        }
        Deleted deleted = Stored.answer(version.isPresent(), () -> declarations.delete(key, caller, version));
        if (deleted instanceof Deleted.Removed removed) {
            return Response.ok(view(removed.last())).build();
        } else if (deleted instanceof Deleted.Stopping stopping) {
            return Response.accepted(view(stopping.service())).build();
        }
        throw missing(key);
    }

    /** A change that is made from the present version, and made again when somebody else was quicker. */
    private interface Change {
        Response from(Service service) throws StoreException, StaleVersionException, ObservationException;
    }

    private Response onCurrent(ServiceKey key, IfMatch ifMatch, Change change) {
        boolean asked = !ifMatch.demandsNothing();
        return Stored.answer(asked, () -> {
            for (int attempt = 1; ; attempt++) {
                Service service = existing(key);
                ifMatch.against(Optional.of(service));
                try {
                    return change.from(service);
                } catch (StaleVersionException overtaken) {
                    if (asked || attempt == TRIES) {
                        throw overtaken;
                    }
                }
            }
        });
    }

    /** @param warnings of the declaration and of what the machine lacks for it, which takes too long to be looked for in turn */
    private Response declare(
            Declaration declaration, OptionalLong version, List<Fault> warnings, boolean dryRun, Caller caller)
            throws StoreException, StaleVersionException {
        if (dryRun) {
            return plan(declaration, version, warnings, caller);
        }
        Declared declared = declarations.declare(declaration, caller, version);
        Service service = declared.service();
        boolean created = declared.change() == Declared.Change.CREATED;
        Response.ResponseBuilder answer =
                Response.status(created ? CREATED : OK).entity(view(service));
        if (created) {
            ServiceKey key = service.key();
            answer.header("Location", "/namespaces/" + key.namespace() + "/services/" + key.name());
        }
        Warnings.headers(warnings).forEach(each -> answer.header("Warning", each));
        return tagged(answer, service).build();
    }

    private Response plan(Declaration declaration, OptionalLong version, List<Fault> warnings, Caller caller)
            throws StaleVersionException {
        Planned planned = declarations.plan(declaration, caller, version);
        return Response.ok(PlanView.reply(PlanView.steps(List.of(planned)), warnings))
                .build();
    }

    private Response inTurn(DeclaredService wanted, Document body, Stored.Call<Response> change)
            throws StoreException, StaleVersionException, ObservationException {
        if (wanted.spec().dependsOn().isEmpty()) {
            return change.run();
        }
        return turns.in(List.of(wanted.key().namespace()), () -> {
            requireNoCircle(wanted, body);
            return change.run();
        });
    }

    /** Found before anything waits for ever; the file that declares several is checked as a whole. */
    private void requireNoCircle(DeclaredService wanted, Document body) {
        List<List<ServiceKey>> circles =
                new DependencyGraph(Map.of(wanted.key(), wanted.spec()), backend::declaredSpec).circles();
        if (!circles.isEmpty()) {
            String field = body.tree().has("kind") ? "spec.dependsOn" : "dependsOn";
            List<Fault> faults = circles.stream()
                    .map(circle -> new Fault(
                            field, DependencyGraph.words(circle), circle.get(1).name()))
                    .toList();
            throw Problems.invalid("the service " + wanted.key().name(), body.locate(faults));
        }
    }

    /** What If-Match demands, or what a whole object says that it was made from. */
    private static OptionalLong version(DeclaredService wanted, Optional<Service> current, IfMatch ifMatch) {
        current.ifPresent(service -> wanted.uid().ifPresent(uid -> {
            if (!uid.equals(service.metadata().uid())) {
                throw Problems.conflict("there is another service of this name now (uid "
                        + service.metadata().uid() + "), and this speaks of " + Wire.quote(uid));
            }
        }));
        OptionalLong demanded = ifMatch.against(current);
        if (demanded.isPresent() || wanted.resourceVersion().isEmpty()) {
            return demanded;
        }
        String own = Long.toString(wanted.resourceVersion().getAsLong());
        return new IfMatch(false, List.of(own)).against(current);
    }

    private Declaration declaration(DeclaredService wanted, Caller caller) {
        return new Declaration(
                wanted.key(),
                wanted.spec(),
                wanted.labels(),
                wanted.annotations(),
                Optional.of(backend.permissions().owner(wanted.key().namespace(), caller)));
    }

    private Service existing(ServiceKey key) {
        return backend.registry().service(key).orElseThrow(() -> missing(key));
    }

    private static RuntimeException missing(ServiceKey key) {
        return Problems.notFound("service " + key.name() + " in the namespace " + key.namespace());
    }

    private static Response.ResponseBuilder tagged(Response.ResponseBuilder answer, Service service) {
        return answer.header("ETag", "\"" + service.resourceVersion() + "\"");
    }
}
