package dev.berth.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Random values from a seed, for tests of what must hold always. A failing case names its seed; {@code -Dberth.gen.seed=N}
 * runs that one case again.
 */
public final class Gen {
    private static final String SEED = "berth.gen.seed";

    private final RandomGenerator random;

    public Gen(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Runs the property with this many different seeds, or with the one that the system property names. */
    public static void check(int times, Consumer<Gen> property) {
        Optional<String> given = Optional.ofNullable(System.getProperty(SEED));
        long first = given.map(Long::parseLong).orElseGet(System::nanoTime);
        int cases = given.isPresent() ? 1 : times;
        for (int i = 0; i < cases; i++) {
            long seed = first + i;
            try {
                property.accept(new Gen(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "case " + (i + 1) + " of " + cases + " failed; again with -D" + SEED + "=" + seed + ": "
                                + e.getMessage(),
                        e);
            }
        }
    }

    /** From {@code low} to {@code high}, both included. */
    public int number(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    /** True this often out of a hundred. */
    public boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    @SafeVarargs
    public final <T> T oneOf(T... values) {
        return values[random.nextInt(values.length)];
    }

    public <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    public <T> List<T> list(int least, int most, Supplier<T> element) {
        int size = number(least, most);
        List<T> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(element.get());
        }
        return list;
    }

    /** Present this often out of a hundred. */
    public <T> Optional<T> maybe(int percent, Supplier<T> value) {
        return chance(percent) ? Optional.of(value.get()) : Optional.empty();
    }

    /** The same elements in another order. */
    public <T> List<T> shuffled(List<T> values) {
        List<T> left = new ArrayList<>(values);
        List<T> shuffled = new ArrayList<>(values.size());
        while (!left.isEmpty()) {
            shuffled.add(left.remove(random.nextInt(left.size())));
        }
        return shuffled;
    }
}
