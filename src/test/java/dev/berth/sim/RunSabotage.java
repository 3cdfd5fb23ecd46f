package dev.berth.sim;

import dev.berth.host.Launcher;
import dev.berth.host.ObservationException;
import dev.berth.host.ProcessTable;
import dev.berth.model.ProcessRef;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.Stop;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What breaks promises about the services that Berth runs. */
final class RunSabotage {
    private RunSabotage() {}

    /** Starts everything a second time. */
    record Twice(Launcher real) implements Launcher {
        @Override
        public ProcessRef launch(LaunchSpec spec) throws LaunchException {
            real.launch(spec);
            return real.launch(spec);
        }
    }

    /** Reads no markers. */
    record Unmarked(ProcessTable real) implements ProcessTable {
        @Override
        public List<Entry> read() throws ObservationException {
            List<Entry> entries = new ArrayList<>();
            for (Entry entry : real.read()) {
                entries.add(new Entry(entry.ref(), entry.parent(), entry.group(), entry.session(), Optional.empty()));
            }
            return entries;
        }
    }

    /** Tells nobody's session or parents from those of whoever had the pid first. */
    static final class ByNumber implements ProcessTable {
        private final ProcessTable real;
        private final Map<Long, Entry> first = new HashMap<>();

        ByNumber(ProcessTable real) {
            this.real = real;
        }

        @Override
        public List<Entry> read() throws ObservationException {
            List<Entry> entries = new ArrayList<>();
            for (Entry entry : real.read()) {
                Entry known = first.get(entry.ref().pid());
                if (entry.launch().isPresent() || known == null) {
                    first.put(entry.ref().pid(), entry);
                    entries.add(entry);
                } else {
                    entries.add(new Entry(entry.ref(), entry.parent(), entry.group(), entry.session(), known.launch()));
                }
            }
            return entries;
        }
    }

    /** Writes other accounts of what runs than it was given. */
    static Registry rewriting(Registry real, UnaryOperator<Run> change) {
        return new Rewriting(real, changes -> {
            ChangeSet.Builder rewritten = ChangeSet.builder();
            for (ChangeSet.Write write : changes.writes()) {
                if (write instanceof ChangeSet.Put put) {
                    rewritten.put(put.object() instanceof Service service ? changed(service, change) : put.object());
                } else if (write instanceof ChangeSet.Delete) {
                    return changes;
                }
            }
            changes.audit().forEach(rewritten::audit);
            return rewritten.build();
        });
    }

    private static Service changed(Service service, UnaryOperator<Run> change) {
        return service.status()
                .run()
                .map(run -> service.withStatus(service.status()
                        .with(change.apply(run), service.status().process())))
                .orElse(service);
    }

    /** No gentle signal first. */
    static Run hurried(Run run) {
        return run.withStop(run.stop()
                .map(stop -> new Stop(
                        stop.reason(),
                        stop.then(),
                        stop.force(),
                        Stop.Phase.KILLING,
                        stop.startedAt(),
                        stop.deadline(),
                        stop.told(),
                        stop.act())));
    }

    /** Every stop is over as soon as it was begun. */
    static Run neverStopping(Run run) {
        return run.stop().filter(stop -> stop.act().isEmpty()).isPresent()
                ? run.withStop(Optional.empty()).withLaunch(Optional.empty())
                : run;
    }

    /** What was served is forgotten. */
    static Run forgetful(Run run) {
        return new Run(
                run.launch(),
                run.stop(),
                run.lastExit(),
                run.failures(),
                run.nextStart(),
                run.gaveUp(),
                run.generation(),
                run.request(),
                List.of(),
                run.installed());
    }

    static Service independent(Service service) {
        ServiceSpec spec = service.spec().toBuilder().dependsOn(List.of()).build();
        return new Service(service.metadata(), spec, service.status());
    }

    static Service unlimited(Service service) {
        ServiceSpec spec = service.spec().toBuilder().maxRestarts(1000).build();
        return new Service(service.metadata(), spec, service.status());
    }
}
