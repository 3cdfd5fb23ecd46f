package dev.berth.launch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a service gets of the environment that Berth itself was started with. */
public final class InheritedEnvironment {
    /** Berth's settings and secrets ({@code BERTH_TOKEN}), the marker of a Berth above this one, and the framework's. */
    private static final List<String> OWN = List.of("BERTH_", "QUARKUS_");

    /** Of Berth's own start: where it listens, and what a shell says of the place it was called from. */
    private static final Set<String> OF_THE_START = Set.of("PORT", "PWD", "OLDPWD", "_");

    private InheritedEnvironment() {}

    /** Without what is Berth's own business. */
    public static Map<String, String> of(Map<String, String> environment) {
        Map<String, String> inherited = new HashMap<>(environment);
        inherited
                .keySet()
                .removeIf(name -> OF_THE_START.contains(name) || OWN.stream().anyMatch(name::startsWith));
        return inherited;
    }
}
