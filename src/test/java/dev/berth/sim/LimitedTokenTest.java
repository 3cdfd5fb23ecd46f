package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.Declaration;
import dev.berth.control.Freed;
import dev.berth.model.Caller;
import dev.berth.model.PortKey;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.Token;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A token that is limited to its own, as an agent has, ends nothing that its owner started by hand. */
class LimitedTokenTest {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Caller AGENT = new Caller(
            Users.of(Users.DEV),
            ServiceKey.DEFAULT_NAMESPACE,
            false,
            Optional.of(new Caller.Grant("agent", "id-of-agent", Token.Scope.MANAGE, true)));

    private final Scene scene = new Scene();

    private void declare(ServiceSpec spec) throws Exception {
        scene.berth
                .plane
                .declarations()
                .declare(Declaration.of(Scene.key("backend"), spec), AGENT, OptionalLong.empty());
    }

    @Test
    void itsAggressiveServiceMovesAside() throws Exception {
        SimProcess holder = scene.server(Program.named("python3", "python3", "-m", "http.server"), 8000);
        declare(ServiceSpec.guarding(8000, 8001).toBuilder()
                .strategy("aggressive")
                .build());
        scene.pass(GRACE);

        assertThat(holder.alive()).isTrue();
        assertThat(scene.service("backend").status().port()).isEqualTo(OptionalInt.of(8001));
        assertThat(scene.conflicts())
                .singleElement()
                .satisfies(conflict -> assertThat(conflict.reason()).contains("limited to its own"));
    }

    @Test
    void whatItsServiceWatchesIsNotItsToEnd() throws Exception {
        declare(ServiceSpec.guarding(8000));
        SimProcess holder = scene.server(Program.named("python3"), 8000);
        scene.pass(GRACE);
        assertThat(scene.service("backend").status().process()).isPresent();

        CompletableFuture<Freed> answer = scene.berth
                .plane
                .release()
                .free(PortKey.tcp(8000), GRACE, false, AGENT)
                .toCompletableFuture();
        scene.pass(GRACE);
        assertThat(answer).isCompletedWithValueMatching(Freed.Refused.class::isInstance);
        assertThat(holder.alive()).isTrue();
    }

    /** No pattern makes it the service's own. */
    @Test
    void itsPatternsTakeNothingThatOthersStarted() throws Exception {
        SimProcess holder = scene.server(Program.named("python3", "python3", "-m", "http.server"), 8000);
        declare(ServiceSpec.guarding(8000, 8001).toBuilder()
                .processPatterns(List.of("http.server"))
                .strategy("aggressive")
                .build());
        scene.pass(GRACE);

        assertThat(holder.alive()).isTrue();
        assertThat(scene.service("backend").status().process()).isEmpty();
    }
}
