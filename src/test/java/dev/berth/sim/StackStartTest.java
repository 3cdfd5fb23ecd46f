package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.Declaration;
import dev.berth.control.RunRequests;
import dev.berth.control.Stack;
import dev.berth.model.AuditEntry;
import dev.berth.model.AuditRecord;
import dev.berth.model.Dependency;
import dev.berth.model.Marker;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import dev.berth.plan.Policy;
import dev.berth.testing.Gen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for a whole stack that is started, whatever is in it. */
class StackStartTest {
    private static final int SERVICES = 20;

    /** Of an apply, the audit log tells of every port before the first process, and of no port twice. */
    @Test
    void allPortsAreAssignedBeforeTheFirstServiceStarts() {
        Gen.check(40, gen -> {
            try {
                startAStack(gen);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void startAStack(Gen gen) throws Exception {
        Scene scene = new Scene();
        for (int i = gen.number(0, 3); i > 0; i--) {
            scene.server(Program.named("holder"), gen.number(8000, 8020));
        }
        List<Declaration> stack = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            stack.add(Declaration.of(Scene.key("s" + i), service(gen, i)));
        }
        AtomicInteger waiting = new AtomicInteger();
        scene.machine.watch(new Witness() {
            @Override
            public void launched(SimProcess process, Optional<String> marker, String launch) {
                everyPortIsTaken(scene, marker.orElseThrow(), waiting);
            }
        });
        scene.berth.plane.stacks().apply(Stack.of(stack, Optional.of("stack"), false), Users.caller(Users.DEV));
        scene.pass(Duration.ofSeconds(3));

        assertThat(waiting).as("others waited when one was started").hasPositiveValue();
        List<AuditEntry> entries =
                scene.records().stream().map(AuditRecord::entry).toList();
        List<String> actions = entries.stream().map(AuditEntry::action).toList();
        long instances =
                stack.stream().mapToLong(each -> each.spec().replicas()).sum();
        Set<String> assigned = new HashSet<>();
        entries.stream()
                .filter(entry -> entry.action().equals("PortAssigned"))
                .forEach(entry -> assigned.add(entry.target().name()));
        assertThat(assigned).hasSize((int) instances);
        assertThat(actions.indexOf("ProcessStarted")).isGreaterThan(actions.lastIndexOf("PortAssigned"));
        assertThat(scene.berth.registry.services())
                .extracting(each -> each.status().port())
                .doesNotHaveDuplicates()
                .doesNotContain(OptionalInt.empty());
    }

    /** Berth keeps the port of each service that is not started yet; the others are binding theirs. */
    private static void everyPortIsTaken(Scene scene, String starting, AtomicInteger waiting) {
        for (Service service : scene.berth.registry.services()) {
            if (service.status().runOrNone().launch().isEmpty()
                    && !Marker.of(service.key(), BerthProcess.INSTALLATION).equals(starting)) {
                waiting.incrementAndGet();
                assertThat(scene.machine.network.on(service.assigned().orElseThrow()))
                        .as(service.key() + " has its port at the socket")
                        .isNotEmpty();
            }
        }
    }

    private static ServiceSpec service(Gen gen, int number) {
        ServiceSpec.Builder spec = ServiceSpec.builder()
                .strategy("conservative")
                .command(ServicePrograms.SERVES.command(gen.number(0, 299)))
                .replicas(gen.number(1, 3));
        if (gen.chance(75)) {
            spec.port(gen.number(8000, 8030));
        }
        if (number > 0 && gen.chance(50)) {
            spec.dependsOn(List.of(new Dependency(
                    "s" + gen.number(0, number - 1),
                    gen.chance(50) ? Dependency.Until.HEALTHY : Dependency.Until.STARTED)));
        }
        return spec.build();
    }

    @Test
    void inDevelopmentPortsBeginAtTheBaseAndNobodyWaitsLongForAProgramToGo() throws Exception {
        Scene scene = new Scene();
        scene.policy = Policy.defaults().developing(8000);
        ServiceSpec spec = ServiceSpec.builder()
                .command(ServicePrograms.STUBBORN.command(0))
                .replicas(3)
                .gracePeriod(Duration.ofMinutes(5))
                .build();
        scene.declare("web", spec);
        scene.pass(Duration.ofSeconds(3));
        assertThat(scene.berth.registry.services())
                .extracting(each -> each.status().port().orElseThrow())
                .isEqualTo(IntStream.range(8000, 8003).boxed().toList());

        scene.berth
                .plane
                .requests()
                .ask(
                        Scene.key("web"),
                        new RunRequests.Wish(RunRequests.Verb.STOP, false, OptionalInt.empty(), Optional.empty()),
                        Users.caller(Users.DEV));
        scene.pass(Policy.DEVELOPMENT_GRACE_PERIOD.minusMillis(100));
        assertThat(scene.service("web").status().state()).isEqualTo(ServiceState.STOPPING);
        scene.pass(Duration.ofSeconds(1));
        assertThat(scene.berth.registry.services())
                .extracting(each -> each.status().state())
                .containsOnly(ServiceState.STOPPED);
    }
}
