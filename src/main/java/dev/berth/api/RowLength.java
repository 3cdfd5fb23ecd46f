package dev.berth.api;

import dev.berth.model.Command;
import dev.berth.model.Condition;
import dev.berth.model.Exit;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.StoredObject;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * About how many characters an object has, in time that hardly shows: it is asked of every change while the writer waits. What
 * users and programs can make long is counted, the rest taken as usual.
 */
final class RowLength {
    /** Of a service: names, numbers and times, and the words around them. */
    private static final int USUAL = 1024;

    /** Of a number or a name in a list, with what stands between. */
    private static final int ELEMENT = 16;

    private RowLength() {}

    static int of(StoredObject object) {
        // Others change seldom.
        return object instanceof Service service
                ? of(service)
                : object.toString().length();
    }

    private static int of(Service service) {
        int length =
                USUAL + of(service.metadata().labels()) + of(service.metadata().annotations()) + of(service.spec());
        for (Condition condition : service.status().conditions()) {
            length += condition.message().length();
        }
        return length + service.status().run().map(RowLength::of).orElse(0);
    }

    private static int of(ServiceSpec spec) {
        return of(spec.host())
                + spec.alternativePorts().size() * ELEMENT
                + of(spec.processPatterns())
                + spec.command().map(RowLength::of).orElse(0)
                + of(spec.workingDirectory())
                + of(spec.environment())
                + of(spec.envFile())
                + spec.healthCheck().map(RowLength::of).orElse(0)
                + spec.dependsOn().stream()
                        .mapToInt(each -> each.service().length() + ELEMENT)
                        .sum()
                + of(spec.strategy())
                + of(spec.stopSignal())
                + spec.install().map(RowLength::of).orElse(0);
    }

    private static int of(HealthCheckSpec check) {
        return check.kind().length() + check.target().length() + of(check.expectStatus()) + of(check.expectBody());
    }

    private static int of(Run run) {
        return run.lastExit().map(RowLength::of).orElse(0) + of(run.gaveUp()) + of(run.served());
    }

    private static int of(Exit exit) {
        return of(exit.cause()) + of(exit.lastLines());
    }

    private static int of(Command command) {
        return command instanceof Command.Exec exec
                ? of(exec.arguments())
                : ((Command.Shell) command).text().length();
    }

    private static int of(Optional<String> text) {
        return text.map(String::length).orElse(0);
    }

    private static int of(Collection<String> texts) {
        int length = 0;
        for (String text : texts) {
            length += text.length() + ELEMENT;
        }
        return length;
    }

    private static int of(Map<String, String> texts) {
        return of(texts.keySet()) + of(texts.values());
    }
}
