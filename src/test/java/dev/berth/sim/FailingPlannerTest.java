package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.PlanMaker;
import dev.berth.control.RunRequests;
import dev.berth.model.Command;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What was seen is stored though nobody can say what follows from it, as where a user's own strategy is at fault. */
class FailingPlannerTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private boolean fails;
    private final Scene scene = new Scene(new Sabotage() {
        @Override
        public PlanMaker planner(PlanMaker real) {
            return (situation, policy, now) -> {
                if (fails && situation.service().status().process().isEmpty()) {
                    throw new IllegalStateException("made to fail");
                }
                return real.plan(situation, policy, now);
            };
        }
    });

    @Test
    void theEndOfAStopIsStoredAndStoredOnce() throws Exception {
        scene.declare(
                "web",
                ServiceSpec.builder()
                        .port(8000)
                        .command(new Command.Exec(List.of("run-serves", "1")))
                        .build());
        scene.pass(SOON);
        fails = true;

        scene.berth
                .plane
                .requests()
                .ask(
                        Scene.key("web"),
                        new RunRequests.Wish(RunRequests.Verb.STOP, false, OptionalInt.empty(), Optional.empty()),
                        Users.caller(Users.DEV));
        scene.pass(SOON);

        Service ended = scene.service("web");
        assertThat(ended.status().process()).isEmpty();
        assertThat(ended.status().runOrNone().stop()).isEmpty();
        assertThat(ended.status().runOrNone().lastExit()).isPresent();

        fails = false;
        // Backed off from what failed.
        scene.pass(Duration.ofMinutes(2));

        assertThat(scene.service("web").status().state()).isEqualTo(ServiceState.STOPPED);
        assertThat(scene.service("web").status().port()).isEmpty();
        assertThat(scene.audit().stream().filter("ProcessExited SUCCEEDED"::equals))
                .hasSize(1);
    }
}
