package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.ServiceSpec;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoreException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A disk that was full has room again, and everything is as wanted: nothing has to be written, and yet it is found out. */
class WritesAgainTest {
    private final Scene scene = new Scene();

    @Test
    void aSettledWorldFindsOutThatItCanBeWrittenAgain() throws Exception {
        scene.declare("web", ServiceSpec.guarding(8000));
        scene.pass(Duration.ofSeconds(5));
        scene.store.failEveryAppend(MemoryStore.Moment.BEFORE, StoreException.Cause.FULL);
        assertThatThrownBy(() -> scene.declare("other", ServiceSpec.guarding(8001)))
                .isInstanceOf(StoreException.class);

        scene.berth.plane.loop().retryWriting();
        assertThat(scene.berth.registry.writeTrouble()).as("still full").isPresent();

        scene.store.heal();
        scene.pass(Duration.ofSeconds(5));
        assertThat(scene.berth.registry.writeTrouble()).as("nobody wrote").isPresent();
        scene.berth.plane.loop().retryWriting();
        scene.berth.plane.loop().retryWriting();

        assertThat(scene.berth.registry.writeTrouble()).isEmpty();
        assertThat(scene.audit()).containsOnlyOnce("StoreRecovered SUCCEEDED");
        assertThat(scene.said)
                .containsOnlyOnce("! the store can't be used, nothing is done that needs it: made to fail: FULL")
                .contains("the store works again");
    }
}
