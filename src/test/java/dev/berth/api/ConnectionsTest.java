package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private static final int MOST = 64;

    private final Connections connections = new Connections();

    private int take(String caller) {
        int taken = 0;
        while (taken <= MOST && connections.open(caller, MOST)) {
            taken++;
        }
        return taken;
    }

    @Test
    void nobodyGetsMoreThanHalfOfWhatIsLeft() {
        assertThat(take("uid 1")).isEqualTo(32);
        assertThat(take("uid 2")).isEqualTo(16);
        assertThat(take("uid 3")).isEqualTo(8);
        assertThat(connections.open("uid 4", MOST)).isTrue();
        assertThat(connections.count()).isEqualTo(57);
    }

    @Test
    void whatIsClosedIsForgotten() {
        for (int user = 0; user < 10_000; user++) {
            assertThat(connections.open("uid " + user, MOST)).isTrue();
            connections.close("uid " + user);
        }
        assertThat(connections.count()).isZero();
        assertThat(connections.callers()).isZero();
        assertThat(take("uid 1")).isEqualTo(32);
    }

    @Test
    void aLowerLimitRefusesNewOnesAndLeavesTheOldOnes() {
        take("uid 1");
        assertThat(connections.open("uid 2", 16)).isFalse();
        assertThat(connections.count()).isEqualTo(32);
    }
}
