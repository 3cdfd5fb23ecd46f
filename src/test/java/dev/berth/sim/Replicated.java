package dev.berth.sim;

import dev.berth.control.RunRequests;
import dev.berth.model.Instances;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A scene with services of which several instances run. */
abstract class Replicated {
    static final Duration LATER = Duration.ofSeconds(5);

    final Scene scene = new Scene();

    static ServiceSpec.Builder serving(int port) {
        return ServiceSpec.builder().port(port).command(ServicePrograms.SERVES.command(0));
    }

    Instances instances(String name) {
        return Instances.of(scene.service(name), scene.berth.registry.services());
    }

    List<Integer> ports(String name) {
        return instances(name).all().stream()
                .flatMap(each -> each.status().port().stream().boxed())
                .toList();
    }

    List<ProcessRef> processes(String name) {
        return instances(name).all().stream()
                .flatMap(each -> each.status().process().stream())
                .toList();
    }

    Service replica(String name, int instance) {
        return scene.berth.registry.service(Scene.key(name).replica(instance)).orElseThrow();
    }

    List<SimProcess> running() {
        return scene.machine.processes().stream()
                .filter(process -> process.alive() && process.program.comm().equals("run-serves"))
                .toList();
    }

    SimProcess process(Service service) {
        ProcessRef ref = service.status().process().orElseThrow();
        return scene.machine.processes().stream()
                .filter(each -> each.ref.equals(ref))
                .findFirst()
                .orElseThrow();
    }

    void ask(String name, RunRequests.Verb verb, boolean force) throws Exception {
        scene.berth
                .plane
                .requests()
                .ask(
                        Scene.key(name),
                        new RunRequests.Wish(verb, force, OptionalInt.empty(), Optional.empty()),
                        Users.caller(Users.DEV));
    }
}
