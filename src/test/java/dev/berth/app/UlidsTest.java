package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UlidsTest {
    private long millis = 1_700_000_000_000L;
    private final Ulids ids = new Ulids(() -> Instant.ofEpochMilli(millis));

    @Test
    void sortInTheOrderInWhichTheyWereMade() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            if (i % 7 == 0) {
                millis += i % 3;
            }
            made.add(ids.get());
        }
        assertThat(made).isSorted().doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9A-HJKMNP-TV-Z]{26}"));
    }

    @Test
    void keepTheirOrderWhenTheClockGoesBack() {
        String before = ids.get();
        millis -= 3_600_000;
        assertThat(ids.get()).isGreaterThan(before);
    }
}
