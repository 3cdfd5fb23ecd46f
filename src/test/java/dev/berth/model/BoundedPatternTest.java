package dev.berth.model;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedPatternTest {
    /** What the JDK compiles and then can't search with must not end the pass in which it is searched with. */
    @ParameterizedTest
    @ValueSource(strings = {"[\u0100b&&]]", "[\uFFFDb&&]]++"})
    void aPatternThatTheEngineTripsOverIsGivenUp(String pattern) {
        assertThatCode(() -> BoundedPattern.of(pattern).find("abc\u0002", 1_000))
                .doesNotThrowAnyException();
    }
}
