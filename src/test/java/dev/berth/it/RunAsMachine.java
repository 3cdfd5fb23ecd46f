package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Berth for everybody, run by root, with users that exist for it alone: it has its own {@code /etc/passwd} and
 * {@code /etc/group}, in a mount namespace of its own. Users call it over the Unix socket, by curl, as themselves.
 */
final class RunAsMachine implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param groups gids, the primary one's first */
    record Person(String name, long uid, List<Long> groups) {}

    static final Person ANN = new Person("ann", 70_101, List.of(70_111L, 70_112L));
    static final Person BEN = new Person("ben", 70_102, List.of(70_121L));

    private final Path directory;
    private final Berth berth;

    private RunAsMachine(Path directory, Berth berth) {
        this.directory = directory;
        this.berth = berth;
    }

    static RunAsMachine start(Path directory) {
        Tools.requireLinux();
        Tools.requireRoot();
        List.of("unshare", "mount", "setpriv", "prlimit", "curl").forEach(Tools::require);
        try {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            for (Person each : List.of(ANN, BEN)) {
                Path home = Files.createDirectories(directory.resolve("home").resolve(each.name()));
                Files.setAttribute(home, "unix:uid", (int) each.uid());
                Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-x---"));
            }
            Path passwd = Files.writeString(directory.resolve("passwd"), """
                    root:x:0:0:root:/root:/bin/sh
                    ann:x:70101:70111:Ann:%1$s/home/ann:/bin/sh
                    ben:x:70102:70121:Ben:%1$s/home/ben:/bin/sh
                    """.formatted(directory));
            Path group = Files.writeString(directory.resolve("group"), """
                    root:x:0:
                    ann:x:70111:
                    team:x:70112:ann
                    ben:x:70121:
                    """);
            List<String> within = List.of(
                    "unshare",
                    "--mount",
                    "--propagation",
                    "private",
                    "--",
                    "sh",
                    "-c",
                    "mount --bind \"$1\" /etc/passwd && mount --bind \"$2\" /etc/group && shift 2 && exec \"$@\"",
                    "sh",
                    passwd.toString(),
                    group.toString());
            return new RunAsMachine(
                    directory,
                    Berth.startThrough(
                            within,
                            directory,
                            Map.of(
                                    "BERTH_MODE",
                                    "shared",
                                    "BERTH_SOCKET",
                                    socket(directory).toString())));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Path socket(Path directory) {
        return directory.resolve("run").resolve("berth.sock");
    }

    /** The daemon, as root sees it. */
    Berth berth() {
        return berth;
    }

    Path home(Person person) {
        return directory.resolve("home").resolve(person.name());
    }

    Path log(Person person, String service) {
        return directory.resolve("data/logs").resolve(person.name()).resolve(service + ".log");
    }

    /** Calls as that user, over the socket. */
    Berth.Answer call(Person person, String method, String path, String json) {
        List<String> line = new ArrayList<>(List.of(
                "curl",
                "--silent",
                "--show-error",
                "--max-time",
                "60",
                "--unix-socket",
                socket(directory).toString(),
                "--request",
                method,
                "--header",
                "Accept: application/json",
                "--write-out",
                "\n%{http_code}"));
        if (!json.isEmpty()) {
            line.addAll(List.of("--header", "Content-Type: application/json", "--data-raw", json));
        }
        line.add("http://localhost" + path);
        String said = run(person, line);
        int end = said.lastIndexOf('\n');
        try {
            return new Berth.Answer(
                    Integer.parseInt(said.substring(end + 1)), JSON.readTree(said.substring(0, end)), List.of());
        } catch (IOException noJson) {
            throw new UncheckedIOException(said, noJson);
        }
    }

    JsonNode service(Person person, String name) {
        return call(person, "GET", "/services/" + name, "").body();
    }

    /** What a program says that the user runs, on either stream. */
    static String run(Person person, List<String> line) {
        List<String> whole = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=" + person.uid(),
                "--regid=" + person.groups().get(0),
                "--clear-groups",
                "--"));
        whole.addAll(line);
        try {
            Process process =
                    new ProcessBuilder(whole).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isLessThan(128);
            return said;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Makes a file of that user's in their home directory. */
    Path file(Person person, String name, String text) throws IOException {
        Path file = Files.writeString(home(person).resolve(name), text);
        Files.setAttribute(file, "unix:uid", (int) person.uid());
        return file;
    }

    @Override
    public void close() {
        berth.close();
        Processes.of(berth.installation())
                .keySet()
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
}
