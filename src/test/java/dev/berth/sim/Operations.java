package dev.berth.sim;

import static dev.berth.sim.Ledger.require;

import dev.berth.control.ConflictAnswer;
import dev.berth.control.Declaration;
import dev.berth.control.Declared;
import dev.berth.control.Deleted;
import dev.berth.control.Freed;
import dev.berth.control.RunRequests;
import dev.berth.control.Stack;
import dev.berth.control.WorkKey;
import dev.berth.host.ObservationException;
import dev.berth.model.Caller;
import dev.berth.model.Conflict;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** What people ask of Berth. Whatever it acknowledges must be on disk at that moment. */
final class Operations {
    private final Chance chance;
    private final Wishes wishes;
    private final World world;
    private final Ledger ledger;
    private final SignalRules rules;
    private final Trace trace;
    private final boolean shared;
    private final LeaseOperations leases;
    private long requests;
    private Optional<Question> lastAsked = Optional.empty();
    private final List<CompletableFuture<Freed>> waiting = new ArrayList<>();

    /** What was asked last. */
    private record Question(ServiceKey service, RunRequests.Wish wish) {}

    /** @param shared whether Berth runs as root and serves everybody */
    Operations(
            Chance chance,
            Wishes wishes,
            World world,
            Machine machine,
            Ledger ledger,
            SignalRules rules,
            Trace trace,
            boolean shared) {
        this.leases = new LeaseOperations(chance.split(), wishes, world, machine, ledger, trace);
        this.chance = chance;
        this.wishes = wishes;
        this.world = world;
        this.ledger = ledger;
        this.rules = rules;
        this.trace = trace;
        this.shared = shared;
    }

    private Caller caller() {
        return Caller.plain(Users.of(
                shared
                        ? chance.pick(Users.DEV, Users.DEV, Users.EVE, Users.ROOT)
                        : chance.pick(Users.DEV, Users.DEV, Users.DEV, Users.ROOT)));
    }

    void one(Berth berth) {
        try {
            if (chance.of(0.2)) {
                leases.one(berth, caller());
                return;
            }
            int what = chance.between(0, 99);
            if (what < 36) {
                declare(berth);
            } else if (what < 38) {
                exchange(berth);
            } else if (what < 46) {
                delete(berth);
            } else if (what < 62) {
                ask(berth);
            } else if (what < 74) {
                free(berth);
            } else if (what < 84) {
                answer(berth, true);
            } else if (what < 92) {
                answer(berth, false);
            } else if (what < 94) {
                exchange(berth);
            } else if (what < 95) {
                berth.plane.conflicts().resolveAll(caller(), every -> true);
            } else {
                berth.plane.loop().enqueue(WorkKey.service(wishes.someService()));
                berth.plane.loop().enqueue(WorkKey.eviction(PortKey.tcp(world.port())));
            }
        } catch (StoreException | StaleVersionException | ObservationException refused) {
            trace.add("refused", String.valueOf(refused.getMessage()));
        }
    }

    private void declare(Berth berth) throws StoreException, StaleVersionException {
        Declared declared = berth.plane.declarations().declare(wishes.declaration(), caller(), OptionalLong.empty());
        trace.add("declared", declared.change() + " " + declared.service().key());
        require(
                ledger.service(declared.service().key())
                        .filter(stored -> stored.metadata().generation()
                                        >= declared.service().metadata().generation()
                                && stored.metadata()
                                        .uid()
                                        .equals(declared.service().metadata().uid()))
                        .isPresent(),
                declared.service().key() + " was acknowledged and is not on disk");
    }

    /** Each is declared to have the next one's port; now and then the last one has another. */
    private void exchange(Berth berth) throws StoreException, StaleVersionException, ObservationException {
        List<Service> seated = ledger.services()
                .filter(service ->
                        service.assigned().isPresent() && !service.key().isReplica())
                .toList();
        List<Service> some = Stream.generate(() -> seated)
                .limit(chance.between(2, 3))
                .filter(all -> !all.isEmpty())
                .map(chance::pick)
                .distinct()
                .toList();
        List<Declaration> declarations = new ArrayList<>();
        for (int i = 0; i < some.size(); i++) {
            int port = i + 1 == some.size() && chance.of(0.3)
                    ? world.port()
                    : some.get((i + 1) % some.size()).assigned().orElseThrow().port();
            Service service = some.get(i);
            declarations.add(Declaration.of(
                    service.key(), service.spec().toBuilder().port(port).build()));
        }
        berth.plane.stacks().apply(Stack.of(declarations, Optional.empty(), false), caller());
        trace.add("exchanged", declarations.toString());
    }

    private void delete(Berth berth) throws StoreException, StaleVersionException {
        ServiceKey key = wishes.someService();
        Deleted deleted = berth.plane.declarations().delete(key, caller(), OptionalLong.empty());
        trace.add("deleted", key + " " + deleted.getClass().getSimpleName());
        if (deleted instanceof Deleted.Removed) {
            require(ledger.service(key).isEmpty(), key + " was said to be removed and is on disk");
        }
    }

    private void ask(Berth berth) throws StoreException, StaleVersionException {
        if (lastAsked.isEmpty() || chance.of(0.7)) {
            lastAsked = Optional.of(new Question(wishes.someService(), wish()));
        }
        // Clients repeat what they were not answered.
        ServiceKey key = lastAsked.orElseThrow().service();
        RunRequests.Wish wish = lastAsked.orElseThrow().wish();
        Optional<Service> answer = berth.plane.requests().ask(key, wish, caller());
        trace.add("asked", key + " " + wish + " " + answer.isPresent());
    }

    private RunRequests.Wish wish() {
        return new RunRequests.Wish(
                chance.pick(RunRequests.Verb.values()),
                chance.of(0.25),
                chance.of(0.1) ? OptionalInt.of(world.port()) : OptionalInt.empty(),
                chance.of(0.7) ? Optional.of("request-" + requests++) : Optional.empty());
    }

    private void free(Berth berth) {
        PortKey port = PortKey.tcp(world.port());
        CompletableFuture<Freed> answer = berth.plane
                .release()
                .free(port, chance.millis(50, 5000), chance.of(0.2), caller())
                .toCompletableFuture();
        waiting.add(answer);
        trace.add("free", port + " asked");
    }

    private void answer(Berth berth, boolean approve) throws StoreException, StaleVersionException {
        List<Conflict> open =
                ledger.conflicts().filter(conflict -> conflict.state().isOpen()).toList();
        if (open.isEmpty()) {
            return;
        }
        String id = chance.pick(open).id();
        if (approve) {
            rules.approved(id);
        }
        ConflictAnswer answer = approve
                ? berth.plane.conflicts().approve(id, OptionalLong.empty(), caller())
                : berth.plane.conflicts().dismiss(id, caller());
        trace.add(approve ? "approve" : "dismiss", id + " " + answer.getClass().getSimpleName());
    }

    /** Berth is gone, and with it everybody's connection. */
    void hangUp() {
        waiting.clear();
    }

    /** Somebody who waits for an answer although there is nothing left to wait for. */
    Optional<String> forgotten() {
        waiting.removeIf(CompletableFuture::isDone);
        return waiting.isEmpty()
                ? Optional.empty()
                : Optional.of(waiting.size() + " callers of free still wait for an answer");
    }

    Duration downtime() {
        return chance.millis(5, 3000);
    }
}
