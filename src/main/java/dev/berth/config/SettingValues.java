package dev.berth.config;

import dev.berth.model.PortRange;
import dev.berth.model.Ports;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the texts of settings stand for; each throws {@link IllegalArgumentException} when a text stands for nothing. */
final class SettingValues {
    static final List<String> SHUTDOWN_WORDS = List.of("leave", "stop", "auto");

    private SettingValues() {}

    static <T extends Comparable<T>> T within(T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("that is out of bounds");
        }
        return value;
    }

    static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("that is neither true nor false");
        };
    }

    static String word(String text) {
        if (text.isEmpty() || text.length() > 63) {
            throw new IllegalArgumentException("a name has 1 to 63 characters");
        }
        return text;
    }

    /** As groupadd(8) takes names. */
    static String group(String text) {
        if (!text.matches("[A-Za-z_][A-Za-z0-9_.-]{0,31}")) {
            throw new IllegalArgumentException("no name of a group");
        }
        return text;
    }

    static String onShutdown(String text) {
        if (!SHUTDOWN_WORDS.contains(text)) {
            throw new IllegalArgumentException("that is none of them");
        }
        return text;
    }

    static List<String> list(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    static List<String> addresses(String text) {
        return list(text).stream()
                .map(each -> HostText.canonical(each)
                        .orElseThrow(() -> new IllegalArgumentException("\"" + each + "\" is no address")))
                .toList();
    }

    static List<String> patterns(String text) {
        List<String> items = list(text);
        items.forEach(Pattern::compile);
        return items;
    }

    static PortRange range(String item) {
        int dash = item.indexOf('-');
        return dash < 0
                ? new PortRange(port(item), port(item))
                : new PortRange(port(item.substring(0, dash)), port(item.substring(dash + 1)));
    }

    static int port(String text) {
        return Ports.requireValid(Integer.parseInt(text.strip()));
    }

    static List<PortRange> ranges(String text) {
        return list(text).stream().map(SettingValues::range).toList();
    }

    static PortRange chosenRange(String text) {
        PortRange range = range(text);
        if (range.first() < Ports.LOWEST_CHOSEN) {
            throw new IllegalArgumentException("Berth chooses no port below " + Ports.LOWEST_CHOSEN);
        }
        return range;
    }

    static Set<Integer> ports(String text) {
        return list(text).stream().map(SettingValues::port).collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<String> operations(String text) {
        Set<String> operations = new TreeSet<>(list(text));
        operations.forEach(operation -> {
            if (!Set.of("terminate", "restart", "migrate").contains(operation)) {
                throw new IllegalArgumentException("there is no operation \"" + operation + "\"");
            }
        });
        return operations;
    }
}
