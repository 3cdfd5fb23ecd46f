package dev.berth.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.PortKey;
import dev.berth.model.ServiceSpec;
import org.junit.jupiter.api.Test;

class PlannerTest {
    @Test
    void givesTheFreePreferredPort() {
        Plan plan = World.wanting(ServiceSpec.guarding(8000, 8001)).plan();
        assertThat(plan.actions()).singleElement().isInstanceOfSatisfying(Action.AssignPort.class, assign -> {
            assertThat(assign.port()).isEqualTo(PortKey.tcp(8000));
            assertThat(assign.how()).isEqualTo(Action.Assignment.PREFERRED);
        });
    }

    @Test
    void conservativeMoves() {
        Plan plan = World.wanting(ServiceSpec.builder()
                        .port(8000)
                        .strategy("conservative")
                        .build())
                .listens(8000, World.process(4242, World.BOB, "python3 -m http.server 8000"))
                .plan();
        assertThat(plan.actions()).hasSize(3);
    }
}
