package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import dev.berth.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemOwnerStopTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @BeforeEach
    void shell() {
        Tools.requireLinux();
    }

    @Test
    void theCommandIsTheOneThatAPersonWouldType() throws Exception {
        SystemOwnerStop stop = stop("exit 0");

        assertThat(stop.commandFor(unit("nginx.service", "systemd")))
                .hasValue(List.of(tool("systemctl"), "--no-ask-password", "stop", "nginx.service"));
        assertThat(stop.commandFor(unit("dev.service", "user@1000.service")))
                .hasValue(List.of(tool("systemctl"), "--user", "--no-ask-password", "stop", "dev.service"));
        assertThat(stop.commandFor(container("3f2a9c0d1e4b", Optional.of("docker"))))
                .hasValue(List.of(tool("docker"), "stop", "3f2a9c0d1e4b"));
        assertThat(stop.commandFor(container("web", Optional.of("podman"))))
                .hasValue(List.of(tool("podman"), "stop", "web"));
    }

    @Test
    void whatCannotBeAskedHasNoCommand() throws Exception {
        SystemOwnerStop stop = stop("exit 0");

        assertThat(stop.commandFor(unit("dev.service", "user@1001.service"))).isEmpty();
        assertThat(stop.commandFor(container("3f2a9c0d1e4b", Optional.empty()))).isEmpty();
        assertThat(stop.commandFor(unit("--force", "systemd"))).isEmpty();
        assertThat(stop.commandFor(unit("a b", "systemd"))).isEmpty();
        assertThat(stop.commandFor(Origin.of(HolderKind.FOREIGN))).isEmpty();
        SystemOwnerStop nothing = new SystemOwnerStop(Map.of(), 1000);
        assertThat(nothing.commandFor(unit("nginx.service", "systemd"))).isEmpty();
        assertThat(nothing.stop(unit("nginx.service", "systemd"), LONG)).isPresent();
    }

    @Test
    void aStopThatSucceedsSaysNothing() throws Exception {
        Path asked = directory.resolve("asked");

        assertThat(stop("echo \"$@\" > " + asked).stop(unit("nginx.service", "systemd"), LONG))
                .isEmpty();

        assertThat(Files.readString(asked)).isEqualTo("--no-ask-password stop nginx.service\n");
    }

    @Test
    void aStopThatFailsSaysWhatTheToolSaid() throws Exception {
        assertThat(stop("echo 'Access denied' >&2; exit 4")
                        .stop(unit("nginx.service", "systemd"), LONG)
                        .orElseThrow())
                .contains("systemctl", "status 4", "Access denied");
    }

    @Test
    void aStopThatHangsIsGivenUp() throws Exception {
        assertThat(stop("exec sleep 1000")
                        .stop(unit("nginx.service", "systemd"), Duration.ofMillis(50))
                        .orElseThrow())
                .contains("did not finish within 50 ms");
    }

    @Test
    void toolsAreFoundOnThePath() throws Exception {
        stop("exit 0");

        assertThat(SystemOwnerStop.toolsOn("/nowhere:" + directory))
                .containsOnlyKeys("systemctl", "docker", "podman")
                .containsEntry("docker", directory.resolve("docker"));
        assertThat(SystemOwnerStop.toolsOn("")).isEmpty();
    }

    private SystemOwnerStop stop(String script) throws Exception {
        for (String name : List.of("systemctl", "docker", "podman")) {
            Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        return new SystemOwnerStop(SystemOwnerStop.toolsOn(directory.toString()), 1000);
    }

    private String tool(String name) {
        return directory.resolve(name).toString();
    }

    private static Origin unit(String name, String manager) {
        return new Origin(
                HolderKind.UNIT,
                Optional.of(name),
                !manager.equals("systemd"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(manager));
    }

    private static Origin container(String name, Optional<String> manager) {
        return new Origin(
                HolderKind.CONTAINER,
                Optional.empty(),
                false,
                Optional.of(name),
                Optional.empty(),
                Optional.empty(),
                manager);
    }
}
