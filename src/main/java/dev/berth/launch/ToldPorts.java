package dev.berth.launch;

import dev.berth.model.Dependency;
import dev.berth.model.PortTemplate.Facet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The ports that a service is told in its environment: {@code PORT} is its own; {@code NAME_PORT}, {@code NAME_HOST} and
 * {@code NAME_URL} are told of it and of each service that it depends on. Of one with replicas these are the first one's
 * (a replica is told its own), and {@code NAME_PORTS} are those of all, separated by commas.
 *
 * @param variables by name: {@code PORT} first, then the service itself, then what it depends on
 * @param waiting names of services whose ports are not assigned yet; nothing is told of them
 */
public record ToldPorts(Map<String, String> variables, List<String> waiting) {
    static final String PORT = "PORT";

    public ToldPorts {
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        waiting = List.copyOf(waiting);
    }

    static ToldPorts of(String own, List<Dependency> dependencies, PortBook ports) {
        Map<String, String> variables = new LinkedHashMap<>();
        List<String> waiting = new ArrayList<>();
        List<String> names = new ArrayList<>(List.of(own));
        dependencies.forEach(each -> names.add(each.service()));
        for (String name : names) {
            if (!(ports.of(name) instanceof PortBook.Entry.Assigned assigned)) {
                waiting.add(name);
                continue;
            }
            if (name.equals(own)) {
                variables.put(PORT, assigned.endpoint().tell(Facet.PORT));
            }
            for (Facet facet : Facet.values()) {
                variables.put(prefix(name) + facet.name(), assigned.endpoint().tell(facet));
            }
            List<Integer> all = ports.ports(name);
            if (!all.isEmpty()) {
                variables.put(
                        prefix(name) + "PORTS",
                        all.stream().map(String::valueOf).collect(Collectors.joining(",")));
            }
        }
        return new ToldPorts(variables, waiting);
    }

    /** {@code web-1} as {@code WEB_1_}. A shell can't name a variable that begins with a digit: {@code _1_} then. */
    private static String prefix(String name) {
        String upper = name.toUpperCase(Locale.ROOT).replace('-', '_') + "_";
        return Character.isDigit(upper.charAt(0)) ? "_" + upper : upper;
    }
}
