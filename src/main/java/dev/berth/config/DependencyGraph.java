package dev.berth.config;

import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which services wait for which, once something is declared beside what is there already. */
public final class DependencyGraph {
    private final Map<ServiceKey, ServiceSpec> declared;
    private final Map<ServiceKey, List<ServiceKey>> edges = new LinkedHashMap<>();

    /**
     * @param declared what is declared now
     * @param existing a service that is there already; asked only about those that {@code declared} leaves out
     */
    public DependencyGraph(
            Map<ServiceKey, ServiceSpec> declared, Function<ServiceKey, Optional<ServiceSpec>> existing) {
        this.declared = declared;
        Deque<ServiceKey> open = new ArrayDeque<>(declared.keySet());
        while (!open.isEmpty()) {
            ServiceKey key = open.remove();
            if (!edges.containsKey(key)) {
                List<ServiceKey> next = Optional.ofNullable(declared.get(key))
                        .or(() -> existing.apply(key))
                        .map(spec -> waitsFor(key, spec))
                        .orElse(List.of());
                edges.put(key, next);
                open.addAll(next);
            }
        }
    }

    private static List<ServiceKey> waitsFor(ServiceKey key, ServiceSpec spec) {
        return spec.dependsOn().stream()
                .map(each -> new ServiceKey(key.namespace(), each.service()))
                .toList();
    }

    /** Services that would wait for each other for ever; each circle begins and ends with the same declared one. */
    public List<List<ServiceKey>> circles() {
        return Circles.find(edges).stream()
                .flatMap(circle -> fromDeclared(circle).stream())
                .toList();
    }

    /** Empty for a circle with which the declaration has nothing to do. */
    private Optional<List<ServiceKey>> fromDeclared(List<ServiceKey> circle) {
        List<ServiceKey> nodes = new ArrayList<>(circle.subList(0, circle.size() - 1));
        Optional<ServiceKey> first =
                nodes.stream().filter(declared::containsKey).findFirst();
        return first.map(key -> {
            Collections.rotate(nodes, -nodes.indexOf(key));
            nodes.add(key);
            return nodes;
        });
    }

    /** What is wrong with a circle, for people. */
    public static String words(List<ServiceKey> circle) {
        return "the services wait for each other: "
                + circle.stream().map(ServiceKey::name).collect(Collectors.joining(" → "));
    }
}
