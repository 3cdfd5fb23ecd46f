package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.Declaration;
import dev.berth.control.Stack;
import dev.berth.model.Dependency;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When it is stored what became of starts: at once of one that is alone, later where many start together. */
class CrowdedStartsTest {
    private static final Duration SETTLED = Duration.ofSeconds(8);
    /** Well below what the outcome of a crowd's starts waits. */
    private static final Duration SOON = Duration.ofMillis(10);

    /** Later than all of it here: so that nothing is known of them by what they listen on. */
    private static final int COMES_UP_MILLIS = 200;

    private static final List<String> NAMES = List.of("one", "two", "three", "four");

    private final Scene scene = new Scene();
    private final List<SimProcess> launched = new ArrayList<>();
    private boolean listensAtOnce;

    @BeforeEach
    void watch() {
        scene.machine.watch(new Witness() {
            @Override
            public void launched(SimProcess process, Optional<String> marker, String launch) {
                launched.add(process);
            }
        });
    }

    private ServiceSpec.Builder spec(String name) {
        return ServiceSpec.builder()
                .port(8000 + NAMES.indexOf(name))
                .command(ServicePrograms.SERVES.command(listensAtOnce ? 0 : COMES_UP_MILLIS));
    }

    private void apply(boolean running) throws Exception {
        apply(NAMES.stream()
                .map(name -> Declaration.of(
                        Scene.key(name), spec(name).running(running).build()))
                .toList());
    }

    private void apply(List<Declaration> services) throws Exception {
        scene.berth.plane.stacks().apply(Stack.of(services, Optional.of("shop"), false), Users.caller(Users.DEV));
    }

    /** They are launched, and nothing is stored yet of the last ones. */
    private void started() throws Exception {
        apply(false);
        scene.pass(SETTLED);
        apply(true);
        scene.pass(SOON);
        assertThat(launched).hasSize(NAMES.size());
        assertThat(isSettled("three")).isFalse();
        assertThat(isSettled("four")).isFalse();
    }

    private boolean isSettled(String name) {
        return scene.service(name).status().process().isPresent();
    }

    @Test
    void whatBecameOfManyIsStoredWhenAllAreStarted() throws Exception {
        started();
        scene.pass(Duration.ofMillis(60));

        assertThat(NAMES).allMatch(this::isSettled);
        scene.pass(SETTLED);
        assertThat(NAMES).allMatch(name -> scene.service(name).status().state() == ServiceState.RUNNING);
        assertThat(launched).hasSize(NAMES.size());
    }

    @Test
    void oneThatIsAloneIsSettledAtOnce() throws Exception {
        scene.declare("one", spec("one").build());
        scene.pass(Duration.ZERO);

        assertThat(launched).hasSize(1);
        assertThat(isSettled("one")).isTrue();
    }

    @Test
    void oneThatEndsAtOnceIsNoCrowdWithItself() throws Exception {
        int endsAfterMillis = 10;
        scene.declare(
                "one",
                ServiceSpec.builder()
                        .port(8000)
                        .command(ServicePrograms.EXITS.command(endsAfterMillis))
                        .build());
        scene.pass(Duration.ofMillis(endsAfterMillis + 2));

        assertThat(launched).hasSize(2);
        assertThat(isSettled("one")).isTrue();
    }

    @Test
    void anEndIsKnownBeforeItsStartIsStored() throws Exception {
        started();
        scene.machine.exit(launched.get(3));
        scene.pass(SOON);

        assertThat(scene.service("four").status().runOrNone().lastExit()).isPresent();
    }

    @Test
    void nobodyWaitsLongerForAStop() throws Exception {
        started();
        apply(false);
        scene.pass(SOON);

        boolean stops = scene.service("four").status().runOrNone().stop().isPresent();
        assertThat(stops || !launched.get(3).alive())
                .as("it is being stopped already, or was")
                .isTrue();
        scene.pass(SETTLED);
        assertThat(NAMES).allMatch(name -> scene.service(name).status().state() == ServiceState.STOPPED);
    }

    @Test
    void anOrderlyEndWaitsForNoCrowd() throws Exception {
        started();
        scene.berth.plane.stopServices(Duration.ZERO);
        scene.pass(SOON);

        boolean stops = scene.service("four").status().runOrNone().stop().isPresent();
        assertThat(stops || !launched.get(3).alive()).isTrue();
    }

    @Test
    void oneStartThatCannotBeStoredAtTheEndKeepsNoOtherFromIt() throws Exception {
        started();
        scene.store.failAppend(1, MemoryStore.Moment.BEFORE, StoreException.Cause.FULL);
        scene.berth.plane.loop().close();

        assertThat(List.of("two", "three", "four").stream().filter(this::isSettled))
                .hasSize(2);
    }

    @Test
    void aPortThatIsFreedMeanwhileStopsItsService() throws Exception {
        apply(false);
        scene.pass(SETTLED);
        listensAtOnce = true;
        apply(true);
        scene.pass(SOON);
        assertThat(launched).hasSize(NAMES.size());
        assertThat(isSettled("four")).isFalse();
        scene.free(8003);

        assertThat(scene.service("four").spec().running()).isFalse();
        scene.pass(SETTLED);
        assertThat(launched.get(3).alive()).isFalse();
        assertThat(launched).as("nothing is started again").hasSize(NAMES.size());
    }

    @Test
    void whoDependsOnOneOfThemIsStartedAsSoonAsItRuns() throws Exception {
        List<Declaration> chain = new ArrayList<>();
        for (String name : NAMES) {
            ServiceSpec.Builder spec = spec(name);
            if (name.equals("four")) {
                spec.dependsOn(List.of(
                        new Dependency("one", Dependency.Until.STARTED),
                        new Dependency("three", Dependency.Until.STARTED)));
            }
            chain.add(Declaration.of(Scene.key(name), spec.build()));
        }
        apply(chain);
        scene.pass(SOON);

        assertThat(isSettled("two")).as("nobody waits for it").isFalse();
        assertThat(List.of("one", "three")).allMatch(this::isSettled);
        assertThat(launched).hasSize(NAMES.size());
    }

    /** Others go on being started all the time. */
    @Test
    void noStartWaitsForLong() throws Exception {
        int most = 40;
        for (int i = 0; i < most; i++) {
            scene.declare(
                    "s" + i,
                    ServiceSpec.builder()
                            .port(9000 + i)
                            .command(ServicePrograms.SERVES.command(0))
                            .build());
            scene.pass(SOON);
        }

        assertThat(launched).hasSize(most);
        assertThat(isSettled("s1")).as("started 380 ms ago").isTrue();
        assertThat(isSettled("s" + (most - 1))).isFalse();
    }
}
