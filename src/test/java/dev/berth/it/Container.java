package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * The packaged program as the first process of new pid, network, mount, IPC and UTS namespaces, as a user without rights and on a root
 * file system that can't be written: what a container runtime gives it, without one. It is asked from within, by curl.
 */
final class Container implements AutoCloseable {
    /** In no /etc/passwd, as in images that run under any uid. */
    static final String UID = "65532";

    /** Where {@code /mnt} has the program and, writable, the data directory. */
    static final String DATA = "/mnt/data";

    static final int PORT = 9191;

    /** Its own beside loopback, at which mapped ports and probes arrive. */
    static final String ADDRESS = "10.99.0.1";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final Map<String, String> environment = new TreeMap<>();
    private String temporary = "rw,noexec,nosuid,nodev";
    private Process process;

    /** @param directory of the test's own */
    Container(Path directory) {
        this.directory = directory;
        Tools.requireLinux();
        Tools.requireRoot();
        List.of("unshare", "nsenter", "setpriv", "mount", "ip", "curl").forEach(Tools::require);
        environment.put("PORT", Integer.toString(PORT));
        environment.put("BERTH_DATA_DIR", DATA);
    }

    Container with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** How {@code /tmp} is mounted; otherwise as container runtimes mount a tmpfs. */
    Container withTemporary(String options) {
        temporary = options;
        return this;
    }

    /** Starts it, and returns at once. */
    Container launch() {
        try {
            Path data = Files.createDirectories(directory.resolve("data"));
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
            Path program = Path.of(System.getProperty("berth.runner")).getParent();
            String script = """
                    set -e
                    ip link set lo up
                    ip address add "$5/32" dev lo
                    mount -t tmpfs tmpfs /mnt
                    mkdir /mnt/program /mnt/data
                    mount --bind "$0" /mnt/program
                    mount --bind "$1" /mnt/data
                    mount -t tmpfs -o "$2" tmpfs /tmp
                    mount -o remount,bind,ro /
                    mount -o remount,bind,ro /mnt/program
                    mount -o remount,ro /mnt
                    cd /
                    exec setpriv --reuid "$3" --regid "$3" --clear-groups --no-new-privs \\
                      --bounding-set=-all --inh-caps=-all \\
                      "$4" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -jar /mnt/program/quarkus-run.jar
                    """;
            List<String> command = new ArrayList<>(
                    List.of("unshare", "--kill-child", "--pid", "--fork", "--mount", "--net", "--uts", "--ipc"));
            command.addAll(List.of("--mount-proc", "sh", "-c", script, program.toString(), data.toString()));
            command.addAll(List.of(
                    temporary, UID, ProcessHandle.current().info().command().orElseThrow(), ADDRESS));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile());
            builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return this;
    }

    /** Starts it, and waits until it says that it is started. */
    Container start() {
        launch();
        Awaitility.await("the daemon is started").atMost(Berth.PATIENCE).until(() -> {
            assertThat(process.isAlive())
                    .as(() -> "the daemon lives; its log:\n" + log())
                    .isTrue();
            return first().isPresent() && curl("-f", "/q/health/started").status() == 0;
        });
        return this;
    }

    /** Its first process, as seen from outside. */
    private Optional<ProcessHandle> first() {
        return process.children().findFirst();
    }

    record Ran(int status, String output) {
        JsonNode json() {
            try {
                return JSON.readTree(output);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(output, unreadable);
            }
        }
    }

    /** Runs a command inside, as the daemon's own user. */
    Ran inside(String... command) {
        List<String> line = new ArrayList<>(List.of("nsenter", "--target"));
        line.add(Long.toString(first().orElseThrow().pid()));
        line.addAll(List.of("--mount", "--net", "--pid", "--uts", "--ipc"));
        line.addAll(List.of("setpriv", "--reuid", UID, "--regid", UID, "--clear-groups"));
        line.addAll(List.of(command));
        try {
            Process ran = new ProcessBuilder(line).redirectErrorStream(true).start();
            ran.getOutputStream().close();
            String output = new String(ran.getInputStream().readAllBytes());
            return new Ran(ran.onExit().join().exitValue(), output);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** @param arguments of curl, the path last */
    Ran curl(String... arguments) {
        return curlAt("127.0.0.1", arguments);
    }

    /** As {@link #curl}, at another of its addresses. */
    Ran curlAt(String address, String... arguments) {
        List<String> line = new ArrayList<>(List.of("curl", "-q", "-sS", "--noproxy", "*", "--max-time", "30"));
        line.addAll(List.of(arguments).subList(0, arguments.length - 1));
        line.add("http://" + address + ":" + PORT + arguments[arguments.length - 1]);
        return inside(line.toArray(String[]::new));
    }

    void declare(String name, Map<String, ?> spec) {
        Ran ran = curl(
                "--fail-with-body",
                "-X",
                "PUT",
                "-H",
                "Content-Type: application/json",
                "-d",
                JSON.valueToTree(spec).toString(),
                "/services/" + name);
        assertThat(ran.status()).as(ran.output()).isZero();
    }

    JsonNode await(String service, String state) {
        Awaitility.await(service + " is " + state)
                .atMost(Berth.PATIENCE)
                .until(() -> service(service).at("/status/state").asText().equals(state));
        return service(service);
    }

    JsonNode service(String name) {
        return curl("/services/" + name).json();
    }

    /** Processes inside that have ended and that nobody took the status of. */
    long zombies() {
        return inside("sh", "-c", "cat /proc/[0-9]*/stat 2>/dev/null")
                .output()
                .lines()
                .filter(line -> line.substring(line.lastIndexOf(')')).startsWith(") Z"))
                .count();
    }

    /** As a runtime stops it; answers the exit status that the runtime is given. */
    int terminate() {
        first().orElseThrow().destroy();
        return exitStatus();
    }

    /** Of a daemon that ends by itself. */
    int exitStatus() {
        try {
            assertThat(process.waitFor(Berth.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as(() -> "it ends; its log:\n" + log())
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Path data() {
        return directory.resolve("data");
    }

    @Override
    public void close() {
        // With the first process the kernel ends all others in there. Not by --kill-child alone: that is forgotten when
        // the
        // process becomes another user.
        first().ifPresent(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit()
                .orTimeout(Duration.ofSeconds(20).toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
