package dev.berth.sim;

import static dev.berth.sim.Ledger.require;

import dev.berth.model.Condition;
import dev.berth.model.Conflict;
import dev.berth.model.Dependency;
import dev.berth.model.Launch;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceState;
import java.util.List;
import java.util.Optional;

/** What must be true of the services that Berth runs, once nothing has gone wrong for a while. */
final class RunConvergence {
    private final Ledger ledger;
    private final Machine machine;

    RunConvergence(Ledger ledger, Machine machine) {
        this.ledger = ledger;
        this.machine = machine;
    }

    /** Nothing runs that no service speaks of. */
    void strays() {
        for (SimProcess process : machine.processes()) {
            boolean known = ledger.services().anyMatch(service -> isOf(process, service));
            require(
                    known || !process.alive() || process.forbidden || process.marker.isEmpty(),
                    process + " of " + process.marker.orElse("?") + " runs, and there is no such service");
        }
    }

    void service(Service service) {
        String name = service.key() + " (" + service.status().state() + ")";
        Run run = service.status().runOrNone();
        require(run.stop().isEmpty(), name + " is being stopped for ever: " + run.stop());
        require(run.launch().flatMap(Launch::act).isEmpty(), name + " is being started for ever: " + run.launch());
        List<SimProcess> own = machine.processes().stream()
                .filter(process -> process.alive() && isOf(process, service))
                .toList();
        if (own.stream().anyMatch(process -> process.forbidden)) {
            // Berth was told that it may not end it, and has left it behind.
            return;
        }
        if (!service.spec().running() || service.spec().isObserved()) {
            require(own.isEmpty(), name + " is not to run, and " + own + " do");
            return;
        }
        require(run.gaveUp().isEmpty() || own.isEmpty(), name + " was given up, and " + own + " run");
        if (service.assigned().isEmpty() || isContested(service) || run.gaveUp().isPresent()) {
            return;
        }
        // What it waits for may be told of an approval instead; why it is not started is told all the same.
        boolean waits = service.status().conditions().stream()
                .filter(known -> known.type().equals(Condition.WAITING)
                        ? known.status() == Condition.Status.TRUE
                        : known.type().equals(Condition.STARTED) && known.status() == Condition.Status.FALSE)
                .anyMatch(known -> known.reason().contains("Dependency"));
        if (waits) {
            require(own.isEmpty(), name + " waits for others, and " + own + " run");
            require(
                    service.spec().dependsOn().stream().anyMatch(on -> isMissing(service, on)),
                    name + " waits for others, which are there: " + words(service));
            return;
        }
        if (service.status().condition(Condition.UP_TO_DATE).isPresent()) {
            require(service.status().process().isPresent(), name + " is said to run on, and nothing of it is known");
            require(
                    service.spec().dependsOn().stream().anyMatch(on -> isMissing(service, on)),
                    name + " is not restarted, and could be: " + words(service));
            return;
        }
        runs(service, name, own);
    }

    private void runs(Service service, String name, List<SimProcess> own) {
        ServicePrograms program = ServicePrograms.of(service.spec().command().orElseThrow());
        Optional<Launch> launch = service.status().runOrNone().launch();
        if (program == ServicePrograms.EXITS || program == ServicePrograms.CRASHES) {
            // A child that it forked may have outlived it, and be the service now.
            require(
                    launch.isEmpty() || service.status().state() == ServiceState.RUNNING,
                    name + " ends again and again, and was never given up");
            return;
        }
        if (!program.works() || (launch.isEmpty() && service.status().process().isPresent())) {
            // What was adopted runs as it was started, by whomever.
            return;
        }
        require(service.status().state() == ServiceState.RUNNING, name + " could run and does not: " + words(service));
        int port = service.assigned().orElseThrow().port();
        require(
                launch.isEmpty()
                        || own.stream()
                                .filter(process -> process.launch.equals(launch.map(Launch::id)))
                                .flatMap(process -> process.sockets.stream())
                                .anyMatch(socket -> socket.port == port),
                name + " has port " + port + ", and of its processes " + own + " none listens there");
    }

    private boolean isMissing(Service service, Dependency on) {
        return ledger.service(new ServiceKey(service.key().namespace(), on.service()))
                .filter(other -> isTrue(
                        other,
                        on.condition() == Dependency.Until.HEALTHY
                                        || other.spec().isObserved()
                                ? Condition.READY
                                : Condition.STARTED))
                .isEmpty();
    }

    private boolean isContested(Service service) {
        return ledger.conflicts()
                .anyMatch(conflict -> conflict.service().equals(service.key())
                        && service.assigned().equals(Optional.of(conflict.port()))
                        && (conflict.state().isOpen() || conflict.state() == Conflict.State.DISMISSED));
    }

    private static boolean isTrue(Service service, String condition) {
        return service.status()
                .condition(condition)
                .filter(known -> known.status() == Condition.Status.TRUE)
                .isPresent();
    }

    private static String words(Service service) {
        return service.status().conditions().stream()
                        .map(each -> each.type() + "=" + each.status() + "/" + each.reason() + ": " + each.message())
                        .toList()
                + " " + service.status().runOrNone();
    }

    private static boolean isOf(SimProcess process, Service service) {
        return process.marker.equals(Optional.of(LaunchRules.markerOf(service.key())));
    }
}
