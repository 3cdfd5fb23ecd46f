package dev.berth.launch;

import dev.berth.host.Account;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a service starts from: the environment that Berth itself was started with, or one of its user's. */
public final class InheritedEnvironment {
    /** Berth's settings and secrets ({@code BERTH_TOKEN}), the marker of a Berth above this one, and the framework's. */
    private static final List<String> OWN = List.of("BERTH_", "QUARKUS_");

    /** Of Berth's own start: where it listens, and what a shell says of the place it was called from. */
    private static final Set<String> OF_THE_START = Set.of("PORT", "PWD", "OLDPWD", "_");

    private InheritedEnvironment() {}

    /** What people's programs are looked for in; where distributions put them. */
    private static final String USERS_PATH = "/usr/local/bin:/usr/bin:/bin";

    private static final String ROOTS_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** Of Berth's own: the machine's language and time, which are nobody's secret. */
    private static final List<String> OF_THE_MACHINE = List.of("LANG", "TZ");

    /**
     * A clean one of a user, as a login would begin with.
     *
     * @param environment Berth's
     */
    public static Map<String, String> of(Account account, Map<String, String> environment) {
        Map<String, String> clean = new HashMap<>(environment);
        clean.keySet().retainAll(OF_THE_MACHINE);
        clean.put("HOME", account.home().toString());
        clean.put("USER", account.name());
        clean.put("LOGNAME", account.name());
        clean.put("SHELL", account.shell());
        clean.put("PATH", account.user().isRoot() ? ROOTS_PATH : USERS_PATH);
        return Map.copyOf(clean);
    }

    /** Without what is Berth's own business. */
    public static Map<String, String> of(Map<String, String> environment) {
        Map<String, String> inherited = new HashMap<>(environment);
        inherited
                .keySet()
                .removeIf(name -> OF_THE_START.contains(name) || OWN.stream().anyMatch(name::startsWith));
        return Map.copyOf(inherited);
    }
}
