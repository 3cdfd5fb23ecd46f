package dev.berth.control;

import dev.berth.host.ProcessTable;
import dev.berth.model.ProcessRef;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which processes a launch became: its first process, those of its session, whoever carries its marker, and everything
 * below any of these. Nobody else, whatever the numbers say: a session is believed only while the process that made it
 * lives, because its number may be another's afterwards; and what belongs to another launch is that one's.
 */
final class Family {
    private Family() {}

    /**
     * The members that live, a process before those below it.
     *
     * @param leader the launch's first process
     * @param launch the launch's id; empty for a process that was adopted
     * @param known members of earlier looks
     */
    static List<ProcessRef> of(
            List<ProcessTable.Entry> table, ProcessRef leader, Optional<String> launch, Collection<ProcessRef> known) {
        boolean ledSession = false;
        for (ProcessTable.Entry entry : table) {
            if (entry.ref().equals(leader)) {
                ledSession = entry.session() == leader.pid();
            }
        }
        Set<Long> members = new LinkedHashSet<>();
        Set<ProcessRef> before = Set.copyOf(known);
        for (ProcessTable.Entry entry : table) {
            boolean marked = launch.isPresent() && entry.launch().equals(launch);
            if (!marked && isOthers(entry, launch)) {
                continue;
            }
            boolean ofSession = ledSession && entry.session() == leader.pid();
            if (entry.ref().equals(leader) || marked || ofSession || before.contains(entry.ref())) {
                members.add(entry.ref().pid());
            }
        }
        if (members.isEmpty()) {
            return List.of();
        }
        addDescendants(table, members, launch);
        return topmostFirst(table, members);
    }

    /** The first process of a launch that nobody recorded, found by its marker. */
    static Optional<ProcessRef> leaderOf(List<ProcessTable.Entry> table, String launch) {
        Set<Long> marked = new LinkedHashSet<>();
        table.stream()
                .filter(entry -> entry.launch().equals(Optional.of(launch)))
                .forEach(entry -> marked.add(entry.ref().pid()));
        return topmostFirst(table, marked).stream().findFirst();
    }

    private static boolean isOthers(ProcessTable.Entry entry, Optional<String> launch) {
        return entry.launch().isPresent()
                && launch.isPresent()
                && !entry.launch().equals(launch);
    }

    private static void addDescendants(List<ProcessTable.Entry> table, Set<Long> members, Optional<String> launch) {
        boolean grew = true;
        while (grew) {
            grew = false;
            for (ProcessTable.Entry entry : table) {
                if (members.contains(entry.parent())
                        && !isOthers(entry, launch)
                        && members.add(entry.ref().pid())) {
                    grew = true;
                }
            }
        }
    }

    private static List<ProcessRef> topmostFirst(List<ProcessTable.Entry> table, Set<Long> members) {
        Map<Long, ProcessTable.Entry> byPid = new LinkedHashMap<>();
        for (ProcessTable.Entry entry : table) {
            if (members.contains(entry.ref().pid())) {
                byPid.put(entry.ref().pid(), entry);
            }
        }
        Map<Long, Integer> depths = new HashMap<>();
        for (long pid : members) {
            int depth = 0;
            ProcessTable.Entry entry = byPid.get(pid);
            // A parent above itself can't be, but a table is read while processes come and go.
            while (entry != null && members.contains(entry.parent()) && depth <= members.size()) {
                depth++;
                entry = byPid.get(entry.parent());
            }
            depths.put(pid, depth);
        }
        return byPid.values().stream()
                .sorted(Comparator.comparingInt((ProcessTable.Entry entry) ->
                                depths.getOrDefault(entry.ref().pid(), 0))
                        .thenComparingLong(entry -> entry.ref().startTicks()))
                .map(ProcessTable.Entry::ref)
                .toList();
    }
}
