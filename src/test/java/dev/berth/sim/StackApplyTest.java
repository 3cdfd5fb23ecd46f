package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.control.Declaration;
import dev.berth.control.Stack;
import dev.berth.model.Condition;
import dev.berth.model.Dependency;
import dev.berth.model.Launch;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import dev.berth.model.Stop;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one apply stores of a file's services, and what the passes after it do. */
class StackApplyTest {
    private static final Duration SETTLED = Duration.ofSeconds(8);
    private static final List<String> NAMES = List.of("db", "app", "web");

    private final Scene scene = new Scene();
    private final List<String> launched = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();

    @BeforeEach
    void watch() {
        scene.machine.watch(new Witness() {
            @Override
            public void launched(SimProcess process, Optional<String> marker, String launch) {
                launched.add(launch);
            }
        });
        scene.berth.registry.onCommit(rows -> batches.add(rows.size()));
    }

    /** {@code app} depends on {@code db}; {@code web} on nobody. */
    private void apply(boolean running) throws Exception {
        List<Declaration> services = new ArrayList<>();
        for (String name : NAMES) {
            ServiceSpec.Builder spec = ServiceSpec.builder()
                    .port(8000 + NAMES.indexOf(name))
                    .command(ServicePrograms.SERVES.command(0))
                    .running(running);
            if (name.equals("app")) {
                spec.dependsOn(List.of(new Dependency("db", Dependency.Until.STARTED)));
            }
            services.add(Declaration.of(Scene.key(name), spec.build()));
        }
        scene.berth.plane.stacks().apply(Stack.of(services, Optional.of("shop"), false), Users.caller(Users.DEV));
    }

    private void ran() throws Exception {
        apply(true);
        scene.pass(SETTLED);
        assertThat(states()).containsOnly(ServiceState.RUNNING);
        assertThat(launched).hasSize(3);
    }

    private void stopped() throws Exception {
        ran();
        apply(false);
        scene.pass(SETTLED);
        assertThat(states()).containsOnly(ServiceState.STOPPED);
        launched.clear();
        batches.clear();
    }

    private List<ServiceState> states() {
        return NAMES.stream().map(name -> scene.service(name).status().state()).toList();
    }

    private Optional<String> start(String name) {
        return scene.service(name).status().runOrNone().launch().flatMap(Launch::act);
    }

    private Optional<Stop> stop(String name) {
        return scene.service(name).status().runOrNone().stop();
    }

    @Test
    void aNewFileHasItsPortsWithTheAnswerAndStartsNothingBeforeThat() throws Exception {
        apply(true);

        assertThat(batches).containsExactly(3);
        assertThat(NAMES).allSatisfy(name -> {
            assertThat(scene.service(name).status().port()).hasValue(8000 + NAMES.indexOf(name));
            assertThat(start(name)).isEmpty();
        });
        assertThat(launched).isEmpty();
        scene.pass(SETTLED);
        assertThat(states()).containsOnly(ServiceState.RUNNING);
        assertThat(launched).hasSize(3);
    }

    @Test
    void startsAreStoredWithTheFileAndMadeOnceByTheLoop() throws Exception {
        stopped();
        apply(true);

        assertThat(batches).containsExactly(3);
        assertThat(start("db")).isPresent();
        assertThat(start("web")).isPresent();
        assertThat(start("app")).as("waits for db").isEmpty();
        assertThat(launched).as("only stored").isEmpty();
        assertThat(scene.audit().stream().filter("ProcessStarted INTENDED"::equals))
                .as("the three first starts and these two")
                .hasSize(5);

        scene.pass(SETTLED);
        assertThat(states()).containsOnly(ServiceState.RUNNING);
        assertThat(launched).hasSize(3);
    }

    @Test
    void stopsAreStoredWithTheFileThoseFirstThatNobodyWaitsFor() throws Exception {
        ran();
        batches.clear();
        apply(false);

        assertThat(batches).containsExactly(3);
        assertThat(stop("app")).isPresent();
        assertThat(stop("web")).isPresent();
        assertThat(stop("db")).as("app depends on it").isEmpty();
        scene.pass(SETTLED);
        assertThat(states()).containsOnly(ServiceState.STOPPED);
        assertThat(scene.machine.network.on(
                        scene.service("db").spec().preferred().orElseThrow()))
                .isEmpty();
    }

    @Test
    void whatWasStoredBeforeBerthDiedIsNotStartedTwice() throws Exception {
        stopped();
        apply(true);
        scene.restart();
        scene.pass(SETTLED);

        assertThat(states()).containsOnly(ServiceState.RUNNING);
        assertThat(launched).hasSize(3);
        assertThat(scene.audit()).contains("ProcessStarted UNKNOWN");
    }

    @Test
    void aStartWhoseOutcomeWasNotStoredYetIsFoundAgain() throws Exception {
        stopped();
        apply(true);
        while (launched.isEmpty()) {
            assertThat(scene.berth.plane.loop().runNext()).isTrue();
        }
        scene.restart();
        scene.pass(SETTLED);

        assertThat(states()).containsOnly(ServiceState.RUNNING);
        assertThat(launched).hasSize(3);
    }

    @Test
    void aFileThatCannotBeStoredStartsNothingAndItsPortsCanBeHadLater() throws Exception {
        stopped();
        scene.store.failEveryAppend(MemoryStore.Moment.BEFORE, StoreException.Cause.FULL);
        assertThatThrownBy(() -> apply(true)).isInstanceOf(StoreException.class);
        scene.pass(SETTLED);
        assertThat(launched).isEmpty();
        assertThat(states()).containsOnly(ServiceState.STOPPED);

        scene.store.heal();
        apply(true);
        scene.pass(SETTLED);
        assertThat(states()).containsOnly(ServiceState.RUNNING);
        assertThat(launched).hasSize(3);
    }

    /** Of which nobody can tell whether it is on disk: read again, it is there, and is carried out as if Berth had been interrupted. */
    @Test
    void aFileThatWasStoredThoughTheDiskSaidNoIsCarriedOutOnce() throws Exception {
        stopped();
        scene.store.failEveryAppend(MemoryStore.Moment.AFTER, StoreException.Cause.IO);
        apply(true);
        scene.store.heal();
        scene.pass(SETTLED);

        assertThat(states()).containsOnly(ServiceState.RUNNING);
        assertThat(launched).hasSize(3);
    }

    @Test
    void aPortThatIsContestedIsLeftToTheLoop() throws Exception {
        stopped();
        SimProcess stranger = scene.server(Program.named("python3"), 8002);
        apply(true);

        assertThat(start("web")).isEmpty();
        scene.pass(SETTLED);
        assertThat(states()).containsOnly(ServiceState.RUNNING);
        assertThat(scene.service("web").status().port().orElseThrow())
                .as("moved away")
                .isNotEqualTo(8002);
        assertThat(scene.machine.find(stranger.ref)).isPresent();
        assertThat(scene.conflicts()).hasSize(1);
    }

    @Test
    void whatIsDeclaredOtherwiseBeforeItWasStartedIsNotStarted() throws Exception {
        stopped();
        apply(true);
        apply(false);
        scene.pass(SETTLED);

        assertThat(launched).isEmpty();
        assertThat(states()).containsOnly(ServiceState.STOPPED);
        assertThat(scene.audit()).contains("ProcessStarted FAILED");
    }

    @Test
    void whatWasStartedIsWrittenDownBeforeBerthEnds() throws Exception {
        stopped();
        apply(true);
        while (launched.size() < 2) {
            assertThat(scene.berth.plane.loop().runNext()).isTrue();
        }
        assertThat(scene.service("db").status().process())
                .as("another one was to be started first")
                .isEmpty();
        scene.berth.plane.loop().close();

        assertThat(scene.service("db").status().process()).isPresent();
        assertThat(start("db")).isEmpty();
    }

    /** The pruned one has to be gone first, as for one that the file stops. */
    @Test
    void aServiceThatTheFileStopsWaitsForOneThatTheFileDrops() throws Exception {
        ran();
        Declaration db = Declaration.of(
                Scene.key("db"),
                ServiceSpec.builder()
                        .port(8000)
                        .command(ServicePrograms.SERVES.command(0))
                        .running(false)
                        .build());
        scene.berth.plane.stacks().apply(Stack.of(List.of(db), Optional.of("shop"), true), Users.caller(Users.DEV));

        assertThat(stop("db")).isEmpty();
        scene.pass(SETTLED);
        assertThat(scene.berth.registry.services()).hasSize(1);
        assertThat(scene.service("db").status().state()).isEqualTo(ServiceState.STOPPED);
    }

    /** The start was intended for the port before. Nothing was decided about this one then, so it has to be now. */
    @Test
    void aHeldPortThatIsDeclaredWhileItStartsIsAnsweredFor() throws Exception {
        stopped();
        scene.server(Program.named("python3"), 8009);
        apply(true);
        Declaration moved = Declaration.of(
                Scene.key("web"),
                ServiceSpec.builder()
                        .port(8009)
                        .command(ServicePrograms.SERVES.command(0))
                        .build());
        scene.berth.plane.stacks().apply(Stack.of(List.of(moved), Optional.of("shop"), false), Users.caller(Users.DEV));
        scene.pass(SETTLED);

        assertThat(states()).containsOnly(ServiceState.RUNNING);
        assertThat(scene.service("web")
                        .status()
                        .condition(Condition.PORT_ASSIGNED)
                        .orElseThrow()
                        .message())
                .isEqualTo("it keeps port 8002, which it had when it was declared to prefer 8009");
        assertThat(scene.service("web")
                        .status()
                        .condition(Condition.HOME_FREE)
                        .orElseThrow()
                        .message())
                .startsWith("port 8009 is held by python3");
    }
}
