package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.model.Fault;
import dev.berth.model.Secrets;
import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong with an input. */
final class Faults {
    /** More than a person reads; the rest is counted. */
    private static final int MOST = 500;

    private final List<Fault> faults = new ArrayList<>();
    private final List<Fault> warnings = new ArrayList<>();
    private int more;

    void add(String field, String message, JsonNode given) {
        add(field, message, Texts.given(given));
    }

    void add(String field, String message, String given) {
        if (faults.size() < MOST) {
            faults.add(new Fault(field, message, shown(field, given)));
        } else {
            more++;
        }
    }

    void warn(String field, String message, String given) {
        if (warnings.size() < MOST) {
            warnings.add(new Fault(field, message, shown(field, given)));
        }
    }

    /** Answers are kept in logs and terminals: a secret in the wrong place is not repeated there. */
    private static String shown(String field, String given) {
        String name = field.substring(Math.max(field.lastIndexOf('.'), field.lastIndexOf('[')) + 1);
        return Secrets.value(name, Texts.shorten(given));
    }

    boolean isEmpty() {
        return faults.isEmpty();
    }

    List<Fault> warnings() {
        return List.copyOf(warnings);
    }

    <T> Reading<T> refused() {
        List<Fault> all = new ArrayList<>(faults);
        if (more > 0) {
            all.add(new Fault("", "and " + more + " more faults", ""));
        }
        return new Reading.Refused<>(all);
    }
}
