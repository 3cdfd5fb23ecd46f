package dev.berth.model;

/**
 * The values of one measure over a span of time.
 *
 * @param mean of all of them; never taken for the maximum when spans are put together
 * @param weight how much the mean counts then: how many spans of the finest resolution it is of, for response times how many
 *     answers
 */
public record Spread(double min, double mean, double max, long weight) {
    public Spread {
        if (weight < 1 || !(min <= mean && mean <= max)) {
            throw new IllegalArgumentException(
                    "no spread: from " + min + " over " + mean + " to " + max + ", weight " + weight);
        }
    }

    /** Of one value. */
    public static Spread of(double value) {
        return new Spread(value, value, value, 1);
    }

    /** Of both spans together. */
    public Spread plus(Spread other) {
        long both = weight + other.weight;
        double low = Math.min(min, other.min);
        double high = Math.max(max, other.max);
        double together = (mean * weight + other.mean * other.weight) / both;
        // Rounding must not carry a mean past what it is the mean of.
        return new Spread(low, Math.max(low, Math.min(high, together)), high, both);
    }

    /** The same, counted as one span however many values it is of. */
    public Spread asOne() {
        return new Spread(min, mean, max, 1);
    }
}
