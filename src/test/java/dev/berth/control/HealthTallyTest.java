package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.HealthCheckSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTallyTest {
    private static final Duration PACE = Duration.ofSeconds(10);

    /**
     * Results are written as {@code +} and {@code -}, each with the second at which it comes; verdicts by their first letter.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # failures | successes | startPeriod | results | verdicts
            3 | 1 | 0  | +0                                | P
            3 | 1 | 0  | +0 -10 -20 -30                    | P P P F
            3 | 1 | 0  | +0 -10 -20 +30 -40 -50 -60        | P P P P P P F
            1 | 1 | 0  | +0 -10 +20 -30                    | P F P F
            1 | 3 | 0  | +0 +1 -2 +3 +4 +5                 | U U F F F P
            3 | 3 | 0  | +0 +1 -2 +3 +4 +5                 | U U U U U P
            2 | 2 | 0  | +0 +1 -2 +3 -4 -5 +6 +7           | U P P P P F F P
            # As long as it has not passed, checks come fast; failures count at the declared pace.
            3 | 1 | 0  | -0 -1 -2 -3 -4 -5 -6              | U U U U U U U
            3 | 1 | 0  | -0 -1 -9 -10 -11 -19 -20          | U U U U U U F
            3 | 1 | 0  | -0 -1 -2 -3 +4 -5 -6 -7           | U U U U P P P F
            1 | 1 | 0  | -0 +1                             | F P
            # While it starts, failures say nothing, until it has answered once.
            1 | 1 | 30 | -0 -10 -20 -29 -30                | U U U U F
            3 | 1 | 30 | -0 -10 -20 -30 -31 -40 -50        | U U U U U U F
            3 | 1 | 30 | -0 +5 -6 -7 -8                    | U P P P F
            1 | 2 | 30 | -0 +5 -6                          | U U F
            """)
    void verdictsFollowFromResults(int failures, int successes, int startPeriod, String results, String verdicts) {
        HealthTally tally = new HealthTally(new HealthCheckSpec(
                "tcp",
                "1",
                Optional.empty(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(startPeriod),
                failures,
                successes,
                Optional.empty(),
                Optional.empty()));
        String seen = Arrays.stream(results.split(" "))
                .map(result -> {
                    Duration age = Duration.ofSeconds(Long.parseLong(result.substring(1)));
                    tally.add(result.startsWith("+"), age, PACE);
                    return tally.verdict().name().substring(0, 1);
                })
                .collect(Collectors.joining(" "));
        assertThat(seen).isEqualTo(verdicts);
    }
}
