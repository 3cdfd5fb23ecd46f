package dev.berth.it;

import static dev.berth.it.RunAsMachine.ANN;
import static dev.berth.it.RunAsMachine.BEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.FreePorts;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a shared machine root does nothing for a user that the user could not do: tried on the packaged program. */
class RunAsIT {
    private static final String SECRET = "0Qw9-top-secret-of-root";

    @TempDir
    static Path directory;

    private static RunAsMachine machine;

    @BeforeAll
    static void start() {
        machine = RunAsMachine.start(directory);
    }

    @AfterAll
    static void stop() {
        if (machine != null) {
            machine.close();
        }
    }

    private static int port() {
        return FreePorts.take(1).get(0);
    }

    private static void declare(String name, String json) {
        Berth.Answer answer = machine.call(ANN, "PUT", "/services/" + name, json);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    private static long awaitPid(String name) {
        return Awaitility.await("a process of " + name)
                .atMost(Berth.PATIENCE)
                .until(
                        () -> machine.service(ANN, name)
                                .path("status")
                                .path("pid")
                                .asLong(),
                        pid -> pid > 0);
    }

    private static JsonNode awaitFailure(String name) {
        return Awaitility.await(name + " fails")
                .atMost(Berth.PATIENCE)
                .until(
                        () -> machine.service(ANN, name),
                        service -> service.path("status").path("state").asText().equals("Failed"));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Map<String, String> status(long pid) {
        Map<String, String> fields = new TreeMap<>();
        read(Path.of("/proc/" + pid + "/status")).lines().forEach(line -> {
            int colon = line.indexOf(':');
            fields.put(
                    line.substring(0, colon), line.substring(colon + 1).strip().replaceAll("\\s+", " "));
        });
        return fields;
    }

    @Test
    void aServiceRunsWithItsUsersRightsAndSurvivesTheKillOfRootsDaemon() throws Exception {
        declare("web", "{\"port\": %d, \"command\": \"echo said; exec sleep 1000\"}".formatted(port()));
        long pid = awaitPid("web");
        Awaitility.await("the program itself")
                .atMost(Berth.PATIENCE)
                .until(() -> "sleep".equals(status(pid).get("Name")));

        assertThat(status(pid))
                .containsEntry("Uid", "70101 70101 70101 70101")
                .containsEntry("Gid", "70111 70111 70111 70111")
                .containsEntry("Groups", "70111 70112")
                .containsEntry("CapInh", "0000000000000000")
                .containsEntry("CapPrm", "0000000000000000")
                .containsEntry("CapEff", "0000000000000000")
                .containsEntry("CapAmb", "0000000000000000")
                .containsEntry("NoNewPrivs", "1");
        List<String> environment =
                List.of(new String(Files.readAllBytes(Path.of("/proc/" + pid + "/environ")), StandardCharsets.UTF_8)
                        .split("\0"));
        assertThat(environment)
                .contains("HOME=" + machine.home(ANN), "USER=ann", "LOGNAME=ann", "SHELL=/bin/sh")
                .noneMatch(each -> each.startsWith("BERTH_MODE=") || each.startsWith("BERTH_DATA_DIR="));
        assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd"))).isEqualTo(machine.home(ANN));

        Path log = machine.log(ANN, "web");
        assertThat(Files.readAttributes(log, "unix:uid,gid"))
                .containsEntry("uid", 70_101)
                .containsEntry("gid", 70_111);
        assertThat(RunAsMachine.run(ANN, List.of("cat", log.toString()))).isEqualTo("said\n");
        assertThat(RunAsMachine.run(BEN, List.of("cat", log.toString()))).contains("Permission denied");
        assertThat(RunAsMachine.run(ANN, List.of("ls", directory.resolve("data").toString())))
                .contains("Permission denied");

        machine.berth().killNine();
        machine.berth().launch();

        assertThat(awaitPid("web")).isEqualTo(pid);
        assertThat(Processes.isAlive(pid)).isTrue();
    }

    @Test
    void whatTheUserMayNotReadIsNotReadForThem() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret.env"), "TOP=" + SECRET + "\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(machine.home(ANN).resolve("link.env"), secret);
        String command = "\"command\": \"env; exec sleep 1000\"";

        declare("linked", "{\"port\": %d, %s, \"envFile\": \"%s\"}".formatted(port(), command, link));
        declare("direct", "{\"port\": %d, %s, \"envFile\": \"%s\"}".formatted(port(), command, secret));

        for (String name : List.of("linked", "direct")) {
            assertThat(awaitFailure(name).toString()).contains("may not be read by ann");
        }
        assertThat(machine.berth().get("/audit?limit=500").body().toString()).doesNotContain(SECRET);
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(SECRET);
            }
        }
        Path own = machine.file(ANN, "own.env", "MINE=read\n");
        declare("own", "{\"port\": %d, %s, \"envFile\": \"%s\"}".formatted(port(), command, own));
        awaitPid("own");
        Awaitility.await("its own file is read")
                .atMost(Berth.PATIENCE)
                .until(() -> read(machine.log(ANN, "own")).contains("MINE=read\n"));
    }

    @Test
    void aDirectoryThatTheUserMayNotEnterIsAFailedStart() throws Exception {
        declare(
                "elsewhere",
                "{\"port\": %d, \"command\": \"pwd\", \"workingDirectory\": \"%s\"}"
                        .formatted(port(), machine.home(BEN)));

        assertThat(awaitFailure("elsewhere").toString())
                .contains("the working directory " + machine.home(BEN) + " may not be entered");
        assertThat(read(machine.log(ANN, "elsewhere"))).isEmpty();
    }

    @Test
    void installsAndChecksRunAsTheUser() {
        Path installed = machine.home(ANN).resolve("installed");
        Path checked = machine.home(ANN).resolve("checked");
        declare("tool", """
                {"port": %d, "install": "id -u >%s; id -G >>%2$s", "command": "exec sleep 1000",
                 "healthCheck": {"command": "echo $(id -u) $(id -G) >%s", "interval": "1s"}}
                """.formatted(port(), installed, checked));
        long pid = awaitPid("tool");

        Awaitility.await("it was checked")
                .atMost(Berth.PATIENCE)
                .until(() -> !read(checked).isEmpty());
        assertThat(read(installed)).isEqualTo("70101\n70111 70112\n");
        assertThat(read(checked)).isEqualTo("70101 70111 70112\n");
        assertThat(pid).isPositive();
    }

    @Test
    void aCheckGoesNowhereButToTheServicesOwnPort() {
        String berthsOwn = machine.berth().base() + "/q/health/live";
        Tools.require("python3");
        declare("nosy", """
                {"port": %d, "command": "exec python3 -m http.server --bind 127.0.0.1 {port}",
                 "healthCheck": {"http": "%s", "interval": "1s", "startPeriod": "0s"}}
                """.formatted(port(), berthsOwn));
        awaitPid("nosy");

        Awaitility.await("the check is refused")
                .atMost(Berth.PATIENCE)
                .until(() -> machine.service(ANN, "nosy").toString().contains("not checked: " + berthsOwn));
    }
}
