package dev.berth.health;

import java.util.Arrays;

/** Statuses as declarations name them: {@code 200}, {@code 200-399}, {@code 200,404}. */
final class StatusRanges {
    private StatusRanges() {}

    static boolean contain(String ranges, int status) {
        return Arrays.stream(ranges.split(",")).map(String::strip).anyMatch(range -> {
            int dash = range.indexOf('-');
            return dash < 0
                    ? Integer.parseInt(range) == status
                    : Integer.parseInt(range.substring(0, dash)) <= status
                            && status <= Integer.parseInt(range.substring(dash + 1));
        });
    }
}
