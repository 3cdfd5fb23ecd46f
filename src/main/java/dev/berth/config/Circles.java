package dev.berth.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what waits for itself. */
final class Circles {
    /** As many are told at once; each costs a walk over everything. */
    private static final int MOST = 20;

    private Circles() {}

    /**
     * Circles that share no node, at most {@value #MOST}; each begins and ends with the same node.
     *
     * @param edges from each node to what it waits for; nodes that are no key wait for nothing
     */
    static <K> List<List<K>> find(Map<K, List<K>> edges) {
        Map<K, List<K>> left = new LinkedHashMap<>(edges);
        List<List<K>> circles = new ArrayList<>();
        while (circles.size() < MOST) {
            dropWhatEnds(left);
            if (left.isEmpty()) {
                break;
            }
            List<K> circle = walk(left);
            circles.add(circle);
            left.keySet().removeAll(Set.copyOf(circle));
        }
        return circles;
    }

    /** What is left afterwards is on a circle, or leads to one. */
    private static <K> void dropWhatEnds(Map<K, List<K>> left) {
        Map<K, List<K>> waiting = new LinkedHashMap<>();
        Map<K, Integer> open = new LinkedHashMap<>();
        List<K> done = new ArrayList<>();
        left.forEach((node, targets) -> {
            List<K> inside = targets.stream().filter(left::containsKey).toList();
            open.put(node, inside.size());
            inside.forEach(target ->
                    waiting.computeIfAbsent(target, any -> new ArrayList<>()).add(node));
            if (inside.isEmpty()) {
                done.add(node);
            }
        });
        for (int i = 0; i < done.size(); i++) {
            for (K node : waiting.getOrDefault(done.get(i), List.of())) {
                if (open.merge(node, -1, Integer::sum) == 0) {
                    done.add(node);
                }
            }
        }
        left.keySet().removeAll(new LinkedHashSet<>(done));
    }

    private static <K> List<K> walk(Map<K, List<K>> left) {
        Map<K, Integer> seen = new LinkedHashMap<>();
        List<K> way = new ArrayList<>();
        K node = left.keySet().iterator().next();
        while (!seen.containsKey(node)) {
            seen.put(node, way.size());
            way.add(node);
            node = left.getOrDefault(node, List.of()).stream()
                    .filter(left::containsKey)
                    .findFirst()
                    .orElseThrow();
        }
        List<K> circle = new ArrayList<>(way.subList(seen.getOrDefault(node, 0), way.size()));
        circle.add(node);
        return circle;
    }
}
