package dev.berth.sim;

import static dev.berth.sim.Ledger.require;

import dev.berth.model.Condition;
import dev.berth.model.Dependency;
import dev.berth.model.Exit;
import dev.berth.model.HolderKind;
import dev.berth.model.Launch;
import dev.berth.model.Marker;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.model.RestartRequest;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.Stop;
import dev.berth.plan.Fingerprint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges every start at the moment at which it happens, and everything that is stored of what runs: by what the machine and
 * the disk know, whatever Berth believes.
 */
final class LaunchRules implements Witness, Ledger.ServiceWitness {

    private final Ledger ledger;
    private final Machine machine;
    private final Set<String> launched = new HashSet<>();
    private final Map<ServiceKey, Integer> failures = new TreeMap<>();
    /** Requests that were begun: the service's uid and the request's key. */
    private final Set<String> begun = new HashSet<>();
    /** As they were declared when they were started last. */
    private final Map<ServiceKey, ServiceSpec> started = new HashMap<>();

    LaunchRules(Ledger ledger, Machine machine) {
        this.ledger = ledger;
        this.machine = machine;
    }

    @Override
    public void launched(SimProcess process, Optional<String> marker, String id) {
        require(launched.add(id), "launch " + id + " was carried out twice");
        Service service = ledger.services()
                .filter(each -> marker.equals(Optional.of(markerOf(each.key()))))
                .findFirst()
                .orElseThrow(() -> new Violation("a process was launched for " + marker + ", which is not stored"));
        Run run = service.status().runOrNone();
        Optional<Launch> intent = run.launch().filter(launch -> launch.id().equals(id));
        require(
                intent.flatMap(Launch::act).flatMap(ledger::openAct).isPresent(),
                service.key() + " was launched as " + id + " without a stored intent: " + run);
        require(
                run.stop().isEmpty() && service.status().process().isEmpty(),
                service.key() + " was launched while " + service.status().process() + " of it runs or is ended");
        others(process, markerOf(service.key()), id);
        int inARow = failures.getOrDefault(service.key(), 0);
        require(
                inARow <= service.spec().maxRestarts(),
                service.key() + " was started again after " + inARow + " failures in a row, with maxRestarts "
                        + service.spec().maxRestarts());
        require(service.status().port().isPresent(), service.key() + " was started without a port");
        started.put(service.key(), service.spec());
    }

    private void others(SimProcess process, String marker, String launch) {
        for (SimProcess other : machine.processes()) {
            require(
                    other == process
                            || !other.alive()
                            || other.forbidden
                            || !other.marker.equals(Optional.of(marker))
                            || other.launch.equals(Optional.of(launch)),
                    "launch " + launch + " of " + marker + " was begun while " + other + " of launch "
                            + other.launch.orElse("?") + " lives");
        }
    }

    @Override
    public void changed(Optional<Service> before, Optional<Service> after) {
        if (after.isEmpty()) {
            Service gone = before.orElseThrow();
            failures.remove(gone.key());
            started.remove(gone.key());
            nothingLeft(gone, "was removed");
            return;
        }
        Service now = after.orElseThrow();
        Run run = now.status().runOrNone();
        Run old = before.map(service -> service.status().runOrNone()).orElse(Run.NONE);
        if (run.launch().isEmpty()
                && run.stop().isEmpty()
                && now.status().process().isEmpty()) {
            nothingLeft(now, "is said to run nothing");
        }
        before.flatMap(service -> service.status().runOrNone().stop())
                .filter(stop -> run.stop().isEmpty())
                .ifPresent(stop -> ended(before.orElseThrow(), stop));
        if (isIntended(run) && !isIntended(old)) {
            inOrder(now);
        }
        count(before, now, old, run);
        requests(now, old, run);
    }

    private static boolean isIntended(Run run) {
        return run.launch().flatMap(Launch::act).isPresent();
    }

    /** Nothing of any of its launches may live, but what Berth was forbidden to end. */
    private void nothingLeft(Service service, String what) {
        Optional<String> marker = Optional.of(markerOf(service.key()));
        for (SimProcess process : machine.processes()) {
            require(
                    !process.alive() || process.forbidden || !process.marker.equals(marker),
                    service.key() + " " + what + " while " + process + " of launch " + process.launch.orElse("?")
                            + " lives");
        }
    }

    private void ended(Service service, Stop stop) {
        List<ProcessRef> told = stop.told();
        for (SimProcess process : machine.processes()) {
            boolean itsOwn =
                    service.status().process().filter(process.ref::equals).isPresent() || told.contains(process.ref);
            require(
                    !itsOwn || !process.alive() || process.forbidden || isAnothers(process),
                    "the stop of " + service.key() + " is said to be over while " + process + " lives");
        }
    }

    /** It was adopted, and may not be ended because somebody else answers for it. */
    private static boolean isAnothers(SimProcess process) {
        HolderKind kind = process.origin.kind();
        boolean named = Set.of("postgres", "sshd").contains(process.program.comm());
        return process.launch.isEmpty()
                && (named || kind == HolderKind.UNIT || kind == HolderKind.CONTAINER || kind == HolderKind.SYSTEM);
    }

    /** What it depends on has come as far as was asked for. */
    private void inOrder(Service service) {
        for (Dependency dependency : service.spec().dependsOn()) {
            ServiceKey on = new ServiceKey(service.key().namespace(), dependency.service());
            Optional<Service> other = ledger.service(on);
            boolean come = other.filter(each -> dependency.condition() == Dependency.Until.HEALTHY
                                    || each.spec().isObserved()
                            ? isTrue(each, Condition.READY)
                            : isTrue(each, Condition.STARTED)
                                    || each.status().process().isPresent())
                    .isPresent();
            require(
                    come,
                    service.key() + " is started although " + on + " is not " + dependency.condition() + ": "
                            + other.map(each -> each.status().conditions().toString())
                                    .orElse("not declared"));
        }
    }

    private static boolean isTrue(Service service, String condition) {
        return service.status()
                .condition(condition)
                .filter(known -> known.status() == Condition.Status.TRUE)
                .isPresent();
    }

    /** How often in a row it has ended without having been asked to; counted here a second time. */
    private void count(Optional<Service> before, Service now, Run old, Run run) {
        boolean anew = before.map(service ->
                        service.metadata().generation() != now.metadata().generation())
                .orElse(true);
        boolean asked = !run.request().equals(old.request());
        boolean stayed =
                old.stop().filter(stop -> stop.then() == Stop.Then.STAY).isPresent()
                        && run.stop().isEmpty();
        boolean forgiven = old.failures() > 0 && run.failures() == 0 && wasWell(before);
        if (anew || asked || stayed || forgiven) {
            failures.remove(now.key());
        }
        boolean endedByItself = old.launch().isPresent()
                && old.launch().flatMap(Launch::act).isEmpty()
                && run.launch().isEmpty()
                && old.stop().isEmpty()
                && before.flatMap(service -> service.status().process()).isPresent();
        boolean portTaken = run.lastExit().map(Exit::lastLines).orElse(List.of()).stream()
                .anyMatch(line -> line.contains("EADDRINUSE"));
        if (endedByItself && !portTaken && !isReplaced(now)) {
            // One that was well for a minute begins anew; more than what Berth may count is not counted here.
            failures.merge(now.key(), 1, (known, one) -> wasWell(before) ? one : known + one);
        }
    }

    /** What has ended is not what would be started now. */
    private boolean isReplaced(Service service) {
        return Optional.ofNullable(started.get(service.key()))
                .filter(spec -> !program(spec).equals(program(service.spec())))
                .isPresent();
    }

    /** Whatever its port is: told over TCP or over UDP it is another program. */
    private static String program(ServiceSpec spec) {
        return Fingerprint.of(spec, Optional.of(new PortKey(spec.protocol(), 1)));
    }

    private static boolean wasWell(Optional<Service> before) {
        return before.filter(service -> service.status()
                        .condition(Condition.READY)
                        .filter(ready -> ready.status() == Condition.Status.TRUE)
                        .isPresent())
                .isPresent();
    }

    /** Each request is begun once, however often it is repeated. */
    private void requests(Service now, Run old, Run run) {
        old.request()
                .map(RestartRequest::key)
                .filter(key -> run.request().isEmpty())
                .ifPresent(key -> require(
                        begun.add(now.metadata().uid() + " " + key),
                        "request " + key + " of " + now.key() + " was begun a second time"));
        require(Set.copyOf(run.served()).size() == run.served().size(), "served twice: " + run.served());
    }

    static String markerOf(ServiceKey key) {
        return Marker.of(key, BerthProcess.INSTALLATION);
    }
}
