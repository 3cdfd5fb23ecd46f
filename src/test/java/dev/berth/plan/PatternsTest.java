package dev.berth.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.BoundedPattern.Match;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PatternsTest {
    private final Patterns patterns = new Patterns();

    @Test
    void findsAnywhere() {
        assertThat(patterns.find("http\\.server", "python3 -m http.server 8000"))
                .isEqualTo(Match.FOUND);
        assertThat(patterns.find("^http", "python3 -m http.server 8000")).isEqualTo(Match.ABSENT);
    }

    @Test
    void whatIsNoExpressionIsPlainText() {
        assertThat(patterns.find("c++ [api", "/bin/c++ [api] x")).isEqualTo(Match.FOUND);
        assertThat(patterns.find("c++ [api", "/bin/cc")).isEqualTo(Match.ABSENT);
    }

    @Test
    void aTooLongPatternIsPlainText() {
        String longText = "a.".repeat(300);
        assertThat(patterns.find(longText, "x" + longText)).isEqualTo(Match.FOUND);
        assertThat(patterns.find(longText, "ab".repeat(300))).isEqualTo(Match.ABSENT);
    }

    @Test
    @Timeout(20)
    void endlessBacktrackingIsGivenUp() {
        assertThat(patterns.find("(a+)+\\1b", "a".repeat(60))).isEqualTo(Match.GAVE_UP);
        assertThat(patterns.find("(x+x+)+y", "x".repeat(4000))).isEqualTo(Match.GAVE_UP);
    }

    @Test
    @Timeout(20)
    void anEvilPatternAndAMegabyteCostBoundedTime() {
        String megabyte = "a".repeat(3000) + "!".repeat(1 << 20);
        long before = System.nanoTime();
        for (int times = 0; times < 100; times++) {
            assertThat(patterns.find("(a+)+$", megabyte)).isIn(Match.GAVE_UP, Match.ABSENT);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void deepRecursionIsGivenUpOrAnswered() {
        assertThat(patterns.find("(a|b)*c", "ab".repeat(2048))).isIn(Match.GAVE_UP, Match.ABSENT);
    }

    @Test
    void onlyTheBeginningOfAnEndlessCommandLineIsSearched() {
        assertThat(patterns.find("needle", "x".repeat(Patterns.SEARCHED) + "needle"))
                .isEqualTo(Match.ABSENT);
    }
}
