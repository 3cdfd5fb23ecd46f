package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fields of one map, taken one after the other. What is wrong with one goes to the faults, with its path, and the field
 * counts as absent from then on. A field that is {@code null} is absent. {@link #end} tells what nobody took.
 */
final class Fields {
    /** So many fields fit in a sentence: a map that has no more tells them to who wrote another one. */
    private static final int LISTED = 10;

    private final ObjectNode map;
    private final String path;
    private final Faults faults;
    private final Set<String> known = new LinkedHashSet<>();

    private Fields(ObjectNode map, String path, Faults faults) {
        this.map = map;
        this.path = path;
        this.faults = faults;
    }

    /** The fields of a node; when it is no map, that is a fault and there are none. */
    static Fields of(JsonNode node, String path, String what, Faults faults) {
        if (node instanceof ObjectNode map) {
            return new Fields(map, path, faults);
        }
        faults.add(path, what + " is a map of fields", node);
        return new Fields(JsonNodeFactory.instance.objectNode(), path, faults);
    }

    Faults faults() {
        return faults;
    }

    /** A value with the path under which faults name it: the name that was really written. */
    record Given(String path, JsonNode node) {}

    /** The value under one of these names; writing it under two of them is a fault. */
    Optional<Given> take(String name, String... twins) {
        known.add(name);
        Optional<Given> found = Optional.empty();
        for (String each : names(name, twins)) {
            known.add(each);
            JsonNode node = map.get(each);
            if (node == null || node.isNull()) {
                continue;
            }
            String at = Document.member(path, each);
            if (found.isPresent()) {
                faults.add(at, "this says the same as " + found.get().path() + "; write one of them", node);
            } else {
                found = Optional.of(new Given(at, node));
            }
        }
        return found;
    }

    /** Whether one of these names stands there with no value. */
    boolean saysNull(String... names) {
        for (String each : names) {
            JsonNode node = map.get(each);
            if (node != null && node.isNull()) {
                return true;
            }
        }
        return false;
    }

    boolean has(String name) {
        return map.hasNonNull(name);
    }

    Optional<String> text(String name, int longest, String... twins) {
        return take(name, twins).flatMap(given -> text(given, longest));
    }

    Optional<String> text(Given given, int longest) {
        if (!given.node().isTextual()) {
            faults.add(
                    given.path(), "a text is wanted" + (given.node().isValueNode() ? ", in quotes" : ""), given.node());
            return Optional.empty();
        }
        String text = given.node().textValue();
        if (text.isBlank()) {
            faults.add(given.path(), "must not be empty", text);
            return Optional.empty();
        }
        if (text.length() > longest) {
            faults.add(given.path(), "at most " + longest + " characters, and these are " + text.length(), text);
            return Optional.empty();
        }
        return Optional.of(text);
    }

    Optional<Boolean> flag(String name, String... twins) {
        return take(name, twins).flatMap(given -> {
            if (given.node().isBoolean()) {
                return Optional.of(given.node().booleanValue());
            }
            faults.add(given.path(), "true or false is wanted, without quotes", given.node());
            return Optional.empty();
        });
    }

    OptionalInt number(String name, int least, int most, String... twins) {
        return take(name, twins).map(given -> number(given, least, most, "")).orElse(OptionalInt.empty());
    }

    /** @param what put before the sentence about what is allowed, such as {@code "a port is "} */
    OptionalInt number(Given given, int least, int most, String what) {
        JsonNode node = given.node();
        if (node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= least && node.intValue() <= most) {
            return OptionalInt.of(node.intValue());
        }
        String hint = node.isTextual() && node.textValue().matches("-?[0-9]{1,9}") ? ", without quotes" : "";
        faults.add(given.path(), what + "a whole number from " + least + " to " + most + hint, node);
        return OptionalInt.empty();
    }

    Optional<Duration> duration(String name, Duration least, Duration most) {
        return take(name).flatMap(given -> duration(given, least, most));
    }

    Optional<Duration> duration(Given given, Duration least, Duration most) {
        if (!given.node().isTextual()) {
            faults.add(given.path(), Durations.ALLOWED + ": a number with its unit", given.node());
            return Optional.empty();
        }
        try {
            Duration duration = Durations.parse(given.node().textValue());
            if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                return Optional.of(duration);
            }
            faults.add(
                    given.path(),
                    "a duration from " + Durations.write(least) + " to " + Durations.write(most),
                    given.node());
        } catch (IllegalArgumentException notOne) {
            faults.add(given.path(), Durations.ALLOWED + " is wanted", given.node());
        }
        return Optional.empty();
    }

    /** One of a few words. */
    Optional<String> word(String name, Collection<String> allowed, String what) {
        return take(name).flatMap(given -> word(given, allowed, what));
    }

    Optional<String> word(Given given, Collection<String> allowed, String what) {
        if (given.node().isTextual() && allowed.contains(given.node().textValue())) {
            return Optional.of(given.node().textValue());
        }
        String hint = given.node().isTextual() ? Texts.didYouMean(given.node().textValue(), allowed) : "";
        faults.add(given.path(), what + " is one of " + String.join(", ", new TreeSet<>(allowed)) + hint, given.node());
        return Optional.empty();
    }

    /** The elements of a list of at most so many. */
    List<Given> list(String name, int most, String... twins) {
        return take(name, twins).map(given -> elements(given, most)).orElse(List.of());
    }

    List<Given> elements(Given given, int most) {
        if (!given.node().isArray()) {
            faults.add(given.path(), "a list is wanted", given.node());
            return List.of();
        }
        if (given.node().size() > most) {
            faults.add(
                    given.path(),
                    "a list of at most " + most + ", and these are "
                            + given.node().size(),
                    given.node());
            return List.of();
        }
        List<Given> elements = new ArrayList<>();
        for (JsonNode each : given.node()) {
            elements.add(new Given(Document.element(given.path(), elements.size()), each));
        }
        return elements;
    }

    /** The entries of a map of at most so many. */
    List<Map.Entry<String, Given>> entries(Given given, int most) {
        if (!given.node().isObject()) {
            faults.add(given.path(), "a map of names to values is wanted", given.node());
            return List.of();
        }
        if (given.node().size() > most) {
            faults.add(
                    given.path(),
                    "at most " + most + " entries, and these are "
                            + given.node().size(),
                    given.node());
            return List.of();
        }
        return given.node().properties().stream()
                .map(entry -> Map.entry(
                        entry.getKey(), new Given(Document.member(given.path(), entry.getKey()), entry.getValue())))
                .toList();
    }

    /** Has nobody written a field that nobody asked for? */
    boolean areAllKnown() {
        return known.containsAll(
                map.properties().stream().map(Map.Entry::getKey).toList());
    }

    /** Everything that nobody asked for is a fault, with the field that was perhaps meant. */
    void end() {
        map.properties().forEach(entry -> {
            if (!known.contains(entry.getKey())) {
                faults.add(
                        Document.member(path, entry.getKey()),
                        "there is no such field" + hint(entry.getKey()),
                        entry.getValue());
            }
        });
    }

    private String hint(String written) {
        String near = Texts.didYouMean(written, known);
        return near.isEmpty() && known.size() <= LISTED
                ? "; there are " + String.join(", ", new TreeSet<>(known))
                : near;
    }

    private static List<String> names(String name, String... twins) {
        List<String> names = new ArrayList<>();
        names.add(name);
        names.addAll(List.of(twins));
        return names;
    }
}
