package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.testing.Tools;
import org.junit.jupiter.api.Test;

class EphemeralRangeTest {
    @Test
    void linuxTellsItsRange() {
        Tools.requireLinux();
        assertThat(EphemeralRange.read())
                .hasValueSatisfying(range -> assertThat(range.size()).isPositive());
    }
}
