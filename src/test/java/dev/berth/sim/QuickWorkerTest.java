package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.ServiceSpec;
import dev.berth.model.StoredObject;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As soon as a change can be seen other workers act on it, while the one that made it has not come back from its commit. */
class QuickWorkerTest {
    private final Scene scene = new Scene(new Sabotage() {
        @Override
        public Registry registry(Registry real) {
            return new Quick(real);
        }
    });
    private boolean othersWork;

    private final class Quick implements RegistryFront {
        private final Registry real;

        private Quick(Registry real) {
            this.real = real;
        }

        @Override
        public Registry real() {
            return real;
        }

        @Override
        public List<StoredObject> commit(ChangeSet changes) throws StoreException, StaleVersionException {
            List<StoredObject> stored = real.commit(changes);
            if (othersWork) {
                scene.berth.plane.loop().resync();
                while (scene.berth.plane.loop().runNext()) {
                    // Whatever else there is to do.
                }
            }
            return stored;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSignalThatIsOnlyIntendedIsNotTakenForInterrupted(boolean asked) throws Exception {
        scene.server(Program.named("deaf").onTerm(Program.OnTerm.IGNORE, Duration.ZERO), 8000);
        othersWork = true;
        if (asked) {
            scene.free(8000);
        } else {
            ServiceSpec spec = ServiceSpec.guarding(8000).toBuilder()
                    .strategy("aggressive")
                    .build();
            scene.declare("backend", spec);
        }
        scene.pass(Duration.ofSeconds(1));

        assertThat(scene.records().stream()
                        .filter(record -> record.entry().action().equals("ProcessSignalled"))
                        .map(record ->
                                record.entry().outcome() + " " + record.entry().detail()))
                .containsExactly("INTENDED SIGTERM", "SUCCEEDED SIGTERM");
    }
}
