package dev.berth.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1 KB",
        "1536, 1.5 KB",
        "10188, 9.9 KB",
        "10189, 10 KB",
        "1048575, 1 MB",
        "851443712, 812 MB",
        "9223372036854775807, 8192 PB"
    })
    void bytes(long bytes, String text) {
        assertThat(Units.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 ms",
        "999, 999 ms",
        "1000, 1 s",
        "3200, 3.2 s",
        "59999, 60 s",
        "303000, 5 min 3 s",
        "11520000, 3 h 12 min",
        "370800000, 4 d 7 h"
    })
    void durations(long millis, String text) {
        assertThat(Units.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @Test
    void percent() {
        assertThat(Units.percent(0.0312)).isEqualTo("3.1 %");
        assertThat(Units.percent(1.5)).isEqualTo("150 %");
        assertThat(Units.percent(0)).isEqualTo("0 %");
    }
}
