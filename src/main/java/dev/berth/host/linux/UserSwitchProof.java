package dev.berth.host.linux;

import dev.berth.host.Account;
import dev.berth.host.Launcher.LaunchException;
import dev.berth.host.linux.BoundedRun.Said;
import dev.berth.model.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tries out whether what is run as a user really has that user's rights, before anything of a user's is run. */
final class UserSwitchProof {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** {@code /proc/PID/status} has two. */
    private static final int MOST = 64 << 10;

    /** The kernel's own number for nobody; no entry in a user database is needed. */
    private static final long NOBODY = 65_534;

    private static final String SAID = "BERTH_PROOF";

    private UserSwitchProof() {}

    static void require(UserSwitch tried, BoundedRun runs) throws IOException {
        Account nobody = new Account(User.of(NOBODY, "nobody"), NOBODY, List.of(NOBODY), Path.of("/"), "/bin/sh");
        try {
            UserSwitch.Chain chain = tried.chain(
                    nobody,
                    Path.of("/"),
                    Map.of(),
                    Map.of(SAID, "proven", "PATH", ExecutablePath.DEFAULT),
                    List.of(
                            tried.shell().toString(),
                            "-c",
                            "echo \"" + SAID + ": $" + SAID + "\"; cat /proc/self/status"));
            Said said = runs.run(chain.arguments(), chain.environment(), MOST, LIMIT);
            judge(said.status(), new String(said.output(), StandardCharsets.UTF_8));
        } catch (LaunchException impossible) {
            throw new IOException("running a program as a user: " + impossible.getMessage(), impossible);
        }
    }

    /** @param text a line {@code BERTH_PROOF: proven}, then what {@code /proc/PID/status} says */
    static void judge(int status, String text) throws IOException {
        if (status != 0) {
            throw new IOException("running a program as the user nobody was tried, and ended with status " + status
                    + ": Berth may lack the capabilities for it (CAP_SETUID, CAP_SETGID, CAP_SETPCAP), or setpriv is too"
                    + " old (util-linux 2.33 is wanted)");
        }
        String id = Long.toString(NOBODY);
        String ids = String.join(" ", id, id, id, id);
        Map<String, String> wanted = new TreeMap<>(Map.of(SAID, "proven", "Uid", ids, "Gid", ids, "Groups", id));
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
            wanted.put(set, "0000000000000000");
        }
        wanted.put("NoNewPrivs", "1");
        Map<String, String> found = fields(text);
        for (Map.Entry<String, String> field : wanted.entrySet()) {
            String seen = found.getOrDefault(field.getKey(), "nothing");
            if (!seen.equals(field.getValue())) {
                throw new IOException("running a program as the user nobody was tried: its " + field.getKey()
                        + " should be \"" + field.getValue() + "\" and is \"" + seen + "\"");
            }
        }
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new TreeMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(
                        line.substring(0, colon),
                        line.substring(colon + 1).strip().replaceAll("\\s+", " "));
            }
        });
        return fields;
    }
}
