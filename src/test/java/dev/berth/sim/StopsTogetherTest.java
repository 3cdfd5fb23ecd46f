package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.Declaration;
import dev.berth.control.Stack;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Services that one file stops share a look at all processes, and nobody of them is missed for it. */
class StopsTogetherTest {
    private static final Duration SETTLED = Duration.ofSeconds(8);
    /** Well below the grace period: what was not told would be there still. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final List<String> NAMES = List.of("one", "two", "three", "four");

    private final Scene scene = new Scene();

    @BeforeEach
    void allRun() throws Exception {
        apply(true);
        scene.pass(SETTLED);
        assertThat(alive()).hasSize(NAMES.size());
    }

    private void apply(boolean running) throws Exception {
        List<Declaration> services = NAMES.stream()
                .map(name -> Declaration.of(
                        Scene.key(name),
                        ServiceSpec.builder()
                                .port(8000 + NAMES.indexOf(name))
                                .command(ServicePrograms.SERVES.command(0))
                                .running(running)
                                .build()))
                .toList();
        scene.berth.plane.stacks().apply(Stack.of(services, Optional.of("shop"), false), Users.caller(Users.DEV));
    }

    private List<SimProcess> alive() {
        return scene.machine.processes().stream()
                .filter(each -> each.alive() && each.launch.isPresent())
                .toList();
    }

    private SimProcess child(SimProcess parent) {
        SimProcess child = scene.machine.start(Program.named("child"), parent.uid, parent);
        child.session = parent.session;
        child.launch = parent.launch;
        return child;
    }

    /** The stops are intended, and a moment has passed since. */
    private void intended() throws Exception {
        apply(false);
        scene.machine.time.advance(Duration.ofMillis(1));
    }

    private void allHaveEnded() {
        scene.pass(SOON);
        assertThat(alive()).isEmpty();
        assertThat(NAMES).allMatch(name -> scene.service(name).status().state() == ServiceState.STOPPED);
    }

    @Test
    void oneLookIsEnoughForAll() throws Exception {
        intended();
        allHaveEnded();
        assertThat(scene.host.table.shared).isEqualTo(NAMES.size() - 1);
    }

    @Test
    void aLookFromBeforeTheStopsWereIntendedIsNotShared() throws Exception {
        scene.host.table.read();
        scene.machine.time.advance(Duration.ofMillis(1));
        child(alive().get(0));

        intended();
        allHaveEnded();
    }

    @Test
    void aLookThatIsTooOldIsNotShared() throws Exception {
        intended();
        scene.host.table.read();
        scene.machine.time.advance(Duration.ofMillis(20));
        child(alive().get(0));

        allHaveEnded();
    }

    /** It daemonizes just then: the look that others made has it, and not who goes on in its place. */
    @Test
    void whoGoesOnInThePlaceOfTheFirstProcessIsTold() throws Exception {
        intended();
        scene.host.table.read();
        SimProcess first = alive().get(0);
        child(first);
        scene.machine.exit(first);

        allHaveEnded();
    }

    @Test
    void whoCameAfterTheLookIsEndedLaterAndNotSaidToHaveIgnoredTheSignal() throws Exception {
        intended();
        scene.host.table.read();
        child(alive().get(0));

        scene.pass(Duration.ofSeconds(30));

        assertThat(alive()).isEmpty();
        assertThat(scene.said)
                .filteredOn(line -> line.contains("SIGKILL"))
                .containsExactly("default/one: 1 of its processes came after SIGTERM; SIGKILL");
    }
}
