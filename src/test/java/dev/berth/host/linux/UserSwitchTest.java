package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.host.Account;
import dev.berth.host.Launcher.LaunchException;
import dev.berth.model.User;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What root executes to run something as a user, word by word. */
class UserSwitchTest {
    private static final Account ANN =
            new Account(User.of(1000, "ann"), 1001, List.of(1001L, 27L), Path.of("/home/ann"), "/bin/bash");
    private static final Map<String, String> MARKER = Map.of("BERTH_LAUNCH", "01J");

    private final UserSwitch users = new UserSwitch(
            Path.of("/usr/bin/prlimit"), Path.of("/usr/bin/setpriv"), Path.of("/bin/sh"), new UserLimits(4096, 512));

    private UserSwitch.Chain chain(Map<String, String> environment) throws LaunchException {
        return users.chain(ANN, Path.of("/srv/web"), MARKER, environment, List.of("npm", "start"));
    }

    @Test
    void everyRightIsGivenUpBeforeAnythingOfTheUsersIsReached() throws Exception {
        assertThat(chain(Map.of("A", "b", "BERTH_LAUNCH", "01J")).arguments())
                .containsExactly(
                        "/usr/bin/prlimit",
                        "--nofile=1024:4096",
                        "--nproc=512:512",
                        "--core=0:",
                        "--",
                        "/usr/bin/setpriv",
                        "--reuid=1000",
                        "--regid=1001",
                        "--groups=1001,27",
                        "--inh-caps=-all",
                        "--ambient-caps=-all",
                        "--bounding-set=-all",
                        "--no-new-privs",
                        "--",
                        "/bin/sh",
                        "-c",
                        "cd \"$1\" || exit 126; shift; unset PWD OLDPWD; umask 022;"
                                + " { echo 0 >/proc/self/oom_score_adj; } 2>/dev/null || :;"
                                + " export \"$BERTH_GIVEN_0\"; unset BERTH_GIVEN_0; exec \"$@\"",
                        "berth",
                        "/srv/web",
                        "npm",
                        "start");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"LD_PRELOAD", "LD_LIBRARY_PATH", "GLIBC_TUNABLES", "PATH", "IFS", "ENV", "BASH_ENV", "LOCPATH"})
    void noVariableOfTheUsersReachesAProgramThatRootRuns(String name) throws Exception {
        Map<String, String> environment =
                chain(Map.of(name, "/home/ann/evil.so")).environment();

        assertThat(environment).isEqualTo(Map.of("BERTH_LAUNCH", "01J", "BERTH_GIVEN_0", name + "=/home/ann/evil.so"));
    }

    @Test
    void noValueStandsWhereEverybodyCanReadIt() throws Exception {
        assertThat(String.join(" ", chain(Map.of("TOKEN", "hunter2")).arguments()))
                .doesNotContain("hunter2")
                .doesNotContain("TOKEN");
    }

    @Test
    void aVariableOfTheUsersIsNeverTakenForOneOfTheStart() throws Exception {
        UserSwitch.Chain chain = chain(Map.of("BERTH_GIVEN_0", "mine", "B", "2"));

        assertThat(chain.environment())
                .isEqualTo(
                        Map.of("BERTH_LAUNCH", "01J", "BERTH_GIVEN__0", "B=2", "BERTH_GIVEN__1", "BERTH_GIVEN_0=mine"));
        assertThat(chain.arguments().get(16)).contains("unset BERTH_GIVEN__0 BERTH_GIVEN__1;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "a-b", "1A", "A B", "A;id", "$(id)", "A\nB", "Ä"})
    void aNameThatNoShellExportsIsRefused(String name) {
        assertThatThrownBy(() -> chain(Map.of(name, "x")))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("\"" + name + "\"")
                .hasMessageContaining("letters, digits and underscores");
    }

    @Test
    void whatIsRootsOwnRunsAsRoot() throws Exception {
        Account root = new Account(User.of(0, "root"), 0, List.of(0L), Path.of("/root"), "/bin/sh");

        assertThat(users.chain(root, Path.of("/root"), MARKER, Map.of(), List.of("true"))
                        .arguments())
                .startsWith("/bin/sh", "-c")
                .endsWith("berth", "/root", "true");
    }

    @Test
    void aUserWithoutGroupsHasNoneOfRoots() throws Exception {
        Account alone = new Account(User.of(1000, "ann"), 1001, List.of(), Path.of("/"), "/bin/sh");

        assertThat(users.chain(alone, Path.of("/"), MARKER, Map.of(), List.of("true"))
                        .arguments())
                .contains("--clear-groups");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Uid	65534	65534	65534	65534 | Uid	0	65534	65534	65534     | Uid
            Gid	65534	65534	65534	65534 | Gid	65534	65534	65534	0     | Gid
            Groups	65534              | Groups	65534 0               | Groups
            CapEff	0000000000000000   | CapEff	0000000000000001      | CapEff
            CapPrm	0000000000000000   | CapPrm	000001ffffffffff      | CapPrm
            CapInh	0000000000000000   | CapInh	0000000000000001      | CapInh
            CapAmb	0000000000000000   | CapAmb	0000000000000001      | CapAmb
            CapBnd	0000000000000000   | CapBnd	000001ffffffffff      | CapBnd
            NoNewPrivs	1              | NoNewPrivs	0                 | NoNewPrivs
            BERTH_PROOF	proven         | BERTH_PROOF	              | BERTH_PROOF
            """)
    void aRightThatStaysEndsTheStart(String proven, String found, String named) throws Exception {
        String status = """
                BERTH_PROOF: proven
                Uid:	65534	65534	65534	65534
                Gid:	65534	65534	65534	65534
                Groups:	65534\s
                NoNewPrivs:	1
                CapInh:	0000000000000000
                CapPrm:	0000000000000000
                CapEff:	0000000000000000
                CapBnd:	0000000000000000
                CapAmb:	0000000000000000
                """;
        UserSwitchProof.judge(0, status);

        String changed = status.lines()
                .map(line -> line.startsWith(named + ":") ? field(found) : line)
                .reduce("", (all, line) -> all + line + "\n");
        assertThat(field(proven)).startsWith(named);
        assertThatThrownBy(() -> UserSwitchProof.judge(0, changed))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("its " + named + " should be");
        assertThatThrownBy(() -> UserSwitchProof.judge(127, "")).hasMessageContaining("status 127");
    }

    private static String field(String text) {
        return text.strip().replaceFirst("\\s+|$", ":\t");
    }

    @Test
    void limitsAreNeverMoreThanThisProcessMayGive() throws Exception {
        List<String> limits = List.of(
                "Limit                     Soft Limit           Hard Limit           Units     ",
                "Max processes             96365                unlimited            processes ",
                "Max open files            1024                 20000                files     ");

        assertThat(UserLimits.hard("Max open files", limits)).isEqualTo(20_000);
        assertThat(UserLimits.hard("Max processes", limits)).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> UserLimits.hard("Max core file size", limits)).isInstanceOf(IOException.class);
        assertThat(new UserLimits(512, 64).options()).contains("--nofile=512:512", "--nproc=64:64");
    }
}
