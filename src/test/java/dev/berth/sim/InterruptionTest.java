package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.AuditEntry;
import dev.berth.model.AuditRecord;
import dev.berth.model.Conflict;
import dev.berth.model.Outcome;
import dev.berth.model.ServiceSpec;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The settling of a conflict is broken off at every single step, by a crash or by a store that fails: afterwards nothing is
 * half done, every intent has its outcome, and the world is as wanted.
 */
class InterruptionTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(12);

    /** Settling takes fewer; after it come only the ticks of a settled world. */
    private static final int CALLS = 60;

    /** What is broken off. */
    enum Story {
        MOVES("conservative", Program.named("holder"), 8001),
        ENDS("aggressive", Program.named("holder"), 8000),
        KILLS("aggressive", Program.named("deaf").onTerm(Program.OnTerm.IGNORE, Duration.ZERO), 8000);

        final String strategy;
        final Program holder;
        final int port;

        Story(String strategy, Program holder, int port) {
            this.strategy = strategy;
            this.holder = holder;
            this.port = port;
        }

        ServiceSpec spec() {
            return ServiceSpec.guarding(8000, 8001).toBuilder()
                    .strategy(strategy)
                    .gracePeriod(Duration.ofSeconds(2))
                    .build();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCrashAtAnyCallOfTheMachineIsSurvived(Story story) throws Exception {
        boolean struck = true;
        for (int call = 1; struck && call <= CALLS; call++) {
            for (boolean whenDone : List.of(false, true)) {
                Scene scene = new Scene();
                scene.server(story.holder, 8000);
                scene.declare("backend", story.spec());
                scene.host.life.crashAt(call, whenDone);
                struck = crashes(scene);
                assertSettled(scene, story, "call " + call + (whenDone ? " when done" : ""));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCrashAtAnyWriteIsSurvived(Story story) throws Exception {
        boolean struck = true;
        for (int write = 1; struck; write++) {
            for (MemoryStore.Moment moment : MemoryStore.Moment.values()) {
                Scene scene = new Scene();
                scene.server(story.holder, 8000);
                scene.declare("backend", story.spec());
                scene.store.crashAppend(write, moment, new Life.Crash());
                struck = crashes(scene);
                assertSettled(scene, story, "write " + write + " " + moment);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriteThatFailsOnceIsMadeUpFor(Story story) throws Exception {
        for (int write = 1; write <= 8; write++) {
            for (MemoryStore.Moment moment : MemoryStore.Moment.values()) {
                for (StoreException.Cause cause :
                        List.of(StoreException.Cause.BUSY, StoreException.Cause.FULL, StoreException.Cause.IO)) {
                    Scene scene = new Scene();
                    scene.server(story.holder, 8000);
                    scene.declare("backend", story.spec());
                    scene.store.failAppend(write, moment, cause);
                    scene.pass(LONG_ENOUGH);
                    assertSettled(scene, story, "write " + write + " " + moment + " " + cause);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Story.class,
            names = {"ENDS", "KILLS"})
    void nobodyIsSignalledWhileNoIntentCanBeWritten(Story story) throws Exception {
        Scene scene = new Scene();
        SimProcess holder = scene.server(Program.named("holder"), 8000);
        scene.declare("backend", story.spec());
        scene.store.failEveryAppend(MemoryStore.Moment.BEFORE, StoreException.Cause.FULL);
        scene.pass(LONG_ENOUGH);
        assertThat(holder.alive()).isTrue();
        assertThat(scene.said.stream().filter(words -> words.contains("store")))
                .as("told once, not at every try")
                .hasSize(1);
        scene.store.heal();
        scene.pass(LONG_ENOUGH);
        assertSettled(scene, story, "after healing");
    }

    /** True when Berth died; it was started again then. */
    private static boolean crashes(Scene scene) {
        boolean crashed = false;
        try {
            scene.pass(LONG_ENOUGH);
        } catch (Life.Crash crash) {
            crashed = true;
        }
        scene.store.heal();
        scene.host.life.crashAt(Long.MAX_VALUE, false);
        if (crashed) {
            scene.restart();
        }
        scene.pass(LONG_ENOUGH);
        return crashed;
    }

    private static void assertSettled(Scene scene, Story story, String when) throws Exception {
        assertThat(scene.service("backend").status().port()).as(when).isEqualTo(OptionalInt.of(story.port));
        assertThat(scene.berth.registry.evictions()).as(when).isEmpty();
        assertThat(scene.conflicts())
                .as(when)
                .isNotEmpty()
                .allMatch(conflict -> conflict.state() == Conflict.State.RESOLVED);
        assertThat(scene.store.verifyAudit().valid()).as(when).isTrue();
        Map<String, List<Outcome>> acts = scene.records().stream()
                .map(AuditRecord::entry)
                .filter(entry -> entry.act().isPresent())
                .collect(Collectors.groupingBy(
                        entry -> entry.act().orElseThrow(),
                        Collectors.mapping(AuditEntry::outcome, Collectors.toList())));
        assertThat(acts.values()).as(when).allSatisfy(outcomes -> {
            assertThat(outcomes).hasSize(2);
            assertThat(outcomes.get(0)).isEqualTo(Outcome.INTENDED);
            assertThat(outcomes.get(1)).isNotEqualTo(Outcome.INTENDED);
        });
        long detected = scene.records().stream()
                .filter(record -> record.entry().action().equals("ConflictDetected"))
                .count();
        assertThat(detected).as(when).isEqualTo(scene.conflicts().size());
    }
}
