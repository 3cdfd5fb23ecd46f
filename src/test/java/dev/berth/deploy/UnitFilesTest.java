package dev.berth.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The systemd units, as systemd itself reads them. That they run is shown on a machine with systemd only. */
class UnitFilesTest {
    private static final Path UNITS = Path.of("deploy/systemd");
    private static final Path SYSTEM = UNITS.resolve("berth.service");
    private static final Path USER = UNITS.resolve("user/berth.service");

    /** Above it systemd calls a unit unsafe. That much less could be had only by what services would inherit; the unit says so. */
    private static final double MOST_EXPOSED = 7.5;

    /** What would take away from users' services what they may do in a terminal. */
    private static final Set<String> INHERITED = Set.of(
            "ProtectHome",
            "ProtectSystem",
            "PrivateTmp",
            "PrivateDevices",
            "PrivateUsers",
            "PrivateNetwork",
            "ProtectProc",
            "ProtectClock",
            "DynamicUser",
            "User",
            "NoNewPrivileges",
            "MemoryDenyWriteExecute",
            "SystemCallFilter",
            "RestrictNamespaces",
            "RestrictAddressFamilies");

    @TempDir
    Path directory;

    @Test
    void systemdFindsNothingToComplainOf() throws Exception {
        assertThat(verify("--system", SYSTEM)).isEmpty();
        assertThat(verify("--user", USER)).isEmpty();
    }

    @Test
    void theSystemUnitIsAsClosedAsServicesAllow() throws Exception {
        Ran ran = run(
                Tools.require("systemd-analyze").toString(),
                "security",
                "--offline=true",
                "--no-pager",
                runnable(SYSTEM).toString());
        String level = ran.output()
                .lines()
                .filter(line -> line.contains("Overall exposure level"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(ran.output()));
        assertThat(Double.parseDouble(level.replaceAll(".*: (\\d+\\.\\d+) .*", "$1")))
                .as(level)
                .isLessThan(MOST_EXPOSED);
    }

    @Test
    void servicesOutliveTheDaemonAndKeepTheirUsersRights() throws IOException {
        for (Path unit : List.of(SYSTEM, USER)) {
            assertThat(values(unit, "KillMode")).as(unit.toString()).containsExactly("process");
            assertThat(values(unit, "OOMPolicy")).containsExactly("continue");
            // The JVM's answer to SIGTERM, and a wrong value, which no restart mends.
            assertThat(values(unit, "SuccessExitStatus")).containsExactly("143");
            assertThat(values(unit, "RestartPreventExitStatus")).containsExactly("2");
        }
        Set<String> set = Files.readAllLines(SYSTEM).stream()
                .filter(line -> line.matches("[A-Za-z]+=.*"))
                .map(line -> line.substring(0, line.indexOf('=')))
                .collect(Collectors.toSet());
        assertThat(set).doesNotContainAnyElementsOf(INHERITED);
        assertThat(values(SYSTEM, "Environment")).containsExactly("BERTH_MODE=shared BERTH_DATA_DIR=/var/lib/berth");
        assertThat(values(SYSTEM, "StateDirectory")).containsExactly("berth");
        assertThat(values(SYSTEM, "RuntimeDirectory")).containsExactly("berth");
    }

    /** Each of them is needed, and explained; none more is given. */
    @Test
    void everyCapabilityIsExplained() throws IOException {
        Set<String> kept = Arrays.stream(
                        values(SYSTEM, "CapabilityBoundingSet").get(0).split(" "))
                .map(name -> name.substring("CAP_".length()))
                .collect(Collectors.toSet());
        Set<String> explained = new HashSet<>();
        for (String line : Files.readAllLines(SYSTEM)) {
            if (line.matches("#   [A-Z_]+( [A-Z_]+)* {2,}[a-z].*")) {
                explained.addAll(List.of(line.substring(4).split(" {2,}")[0].split(" ")));
            }
        }
        assertThat(explained).isEqualTo(kept);
    }

    /** BERTH_TOKEN may stand in it, and every user of the machine would be its administrator. */
    @Test
    void theSettingsOfTheMachineAreForRootsEyes() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String entry = pom.substring(pom.indexOf("<dst>/etc/berth/berth.conf</dst>"));
        assertThat(entry.substring(0, entry.indexOf("</data>")))
                .contains("<filemode>640</filemode>", "<user>root</user>", "<group>root</group>");
    }

    private static List<String> values(Path unit, String key) throws IOException {
        return Files.readAllLines(unit).stream()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .toList();
    }

    /** With a program that is there, as nothing is installed. */
    private Path runnable(Path unit) throws IOException {
        Path copy = Files.createDirectories(directory.resolve(unit.getParent().getFileName()))
                .resolve("berth.service");
        return Files.writeString(copy, Files.readString(unit).replace("/usr/bin/berth ", "/bin/true "));
    }

    private List<String> verify(String which, Path unit) throws Exception {
        Ran ran = run(
                Tools.require("systemd-analyze").toString(),
                which,
                "verify",
                "--man=no",
                runnable(unit).toString());
        // Of the machine's own units it complains too.
        return ran.output()
                .lines()
                .filter(line -> line.contains("berth.service"))
                .toList();
    }

    private record Ran(int status, String output) {}

    private Ran run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true);
        // Where --user looks for its own directory; nothing is asked of a running one.
        builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), output);
    }
}
