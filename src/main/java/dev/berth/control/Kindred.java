package dev.berth.control;

import dev.berth.host.ProcessTable;
import dev.berth.model.ProcessRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The families of many launches out of one table, without going through all of it for each. {@link Family} has the rules. */
final class Kindred {
    private final List<ProcessTable.Entry> table;
    private final Map<Long, List<ProcessTable.Entry>> byPid = new HashMap<>();
    private final Map<Long, List<ProcessTable.Entry>> byParent = new HashMap<>();
    private final Map<Long, List<ProcessTable.Entry>> bySession = new HashMap<>();
    private final Map<String, List<ProcessTable.Entry>> byLaunch = new HashMap<>();

    Kindred(List<ProcessTable.Entry> table) {
        this.table = table;
        for (ProcessTable.Entry entry : table) {
            add(byPid, entry.ref().pid(), entry);
            add(byParent, entry.parent(), entry);
            add(bySession, entry.session(), entry);
            entry.launch().ifPresent(launch -> add(byLaunch, launch, entry));
        }
    }

    private static <K> void add(Map<K, List<ProcessTable.Entry>> index, K key, ProcessTable.Entry entry) {
        index.computeIfAbsent(key, none -> new ArrayList<>(1)).add(entry);
    }

    /** Was it made of this very table? */
    boolean isOf(List<ProcessTable.Entry> other) {
        return table == other;
    }

    /** As {@link Family#of} says of the whole table; in no order among processes that started at the same time. */
    List<ProcessRef> family(ProcessRef leader, Optional<String> launch, Collection<ProcessRef> before) {
        List<ProcessTable.Entry> candidates = new ArrayList<>();
        Set<Long> known = new HashSet<>();
        Deque<ProcessTable.Entry> next = new ArrayDeque<>();
        next.addAll(byPid.getOrDefault(leader.pid(), List.of()));
        before.forEach(member -> next.addAll(byPid.getOrDefault(member.pid(), List.of())));
        next.addAll(bySession.getOrDefault(leader.pid(), List.of()));
        launch.ifPresent(id -> next.addAll(byLaunch.getOrDefault(id, List.of())));
        while (!next.isEmpty()) {
            ProcessTable.Entry entry = next.removeFirst();
            if (known.add(entry.ref().pid())) {
                candidates.add(entry);
                next.addAll(byParent.getOrDefault(entry.ref().pid(), List.of()));
            }
        }
        return Family.of(candidates, leader, launch, before);
    }
}
