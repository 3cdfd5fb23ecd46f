package dev.berth.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaimIndexTest {
    private static final PortKey PORT = PortKey.tcp(8000);

    private static Service on8000(String name, int age) {
        return World.seated(
                World.service(name, ServiceSpec.guarding(8000), World.ANN, age), PORT.port(), Optional.empty());
    }

    private final Service young = on8000("young", 0);
    private final Service old = on8000("old", 9);
    private final Service older = on8000("older", 19);
    private final Service elsewhere = World.service("elsewhere", ServiceSpec.guarding(8001), World.ANN, 99);
    private final ClaimIndex index = new ClaimIndex(List.of(young, old, elsewhere, older));

    /** The answers may not hang on how often somebody asked before. */
    @Test
    void theOldestOtherIsToldAtTheFirstQuestionAndAtTheHundredth() {
        for (int i = 0; i < 100; i++) {
            assertThat(index.assigned(PORT, young.key())).contains(older);
            assertThat(index.assigned(PORT, older.key())).contains(old);
            assertThat(index.assigned(PortKey.tcp(8001), young.key())).isEmpty();
            assertThat(index.assigned(new PortKey(Protocol.UDP, 8000), young.key()))
                    .isEmpty();
            assertThat(index.preferred(PORT, old.key(), service -> true)).contains(older);
            assertThat(index.preferred(PORT, old.key(), service -> !service.equals(older)))
                    .contains(young);
            assertThat(index.preferred(PortKey.tcp(8001), young.key(), service -> true))
                    .contains(elsewhere);
            assertThat(index.preferred(PORT, new ServiceKey("another", "older"), service -> true))
                    .contains(older);
        }
    }
}
