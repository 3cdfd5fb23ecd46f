package dev.berth.config;

import dev.berth.model.Fault;
import java.util.List;
import java.util.function.Function;

/** What became of reading an input: its value, or everything that is wrong with it. */
public sealed interface Reading<T> {
    /** @param warnings what is allowed, and probably not meant */
    record Valid<T>(T value, List<Fault> warnings) implements Reading<T> {
        public Valid {
            warnings = List.copyOf(warnings);
        }
    }

    /** At least one fault; the input as a whole is refused. */
    record Refused<T>(List<Fault> faults) implements Reading<T> {
        public Refused {
            faults = List.copyOf(faults);
        }
    }

    default <U> Reading<U> map(Function<T, U> change) {
        if (this instanceof Valid<T> valid) {
            return new Valid<>(change.apply(valid.value()), valid.warnings());
        }
        return new Refused<>(((Refused<T>) this).faults());
    }
}
