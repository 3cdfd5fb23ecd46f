package dev.berth.it;

import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.testing.Children;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A Berth that serves a machine with users of the test's own, whom nobody outside of its mount namespace knows. */
final class SharedMachine implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The system's own: one of somebody's home can't be run by other users. */
    static final String PYTHON = "/usr/bin/python3";

    /** Users of the machine; their uids are nobody's elsewhere. */
    enum Who {
        ROOT(0),
        ANN(61_001),
        BEN(61_002),
        /** In the administrators' group. */
        CARL(61_003);

        final long uid;

        Who(long uid) {
            this.uid = uid;
        }
    }

    /** How a call reaches the daemon. */
    enum Way {
        SOCKET,
        TCP
    }

    record Answer(int status, JsonNode body) {
        String detail() {
            return body.path("detail").asText();
        }
    }

    private final Path open;
    private final Path socket;
    private final Berth berth;
    private final Children children = new Children();

    private SharedMachine(Path open, Berth berth) {
        this.open = open;
        this.socket = open.resolve("run/berth.sock");
        this.berth = berth;
    }

    static SharedMachine start(Path directory, Map<String, String> environment) throws IOException {
        Tools.requireLinux();
        Tools.requireRoot();
        List.of("unshare", "mount", "setpriv", "curl", "python3").forEach(Tools::require);
        assumeThat(Path.of(PYTHON)).isExecutable();
        Path passwd = directory.resolve("passwd");
        Files.writeString(passwd, """
                root:x:0:0:root:/root:/bin/sh
                ann:x:61001:61001::/nonexistent:/bin/sh
                ben:x:61002:61002::/nonexistent:/bin/sh
                carl:x:61003:61003::/nonexistent:/bin/sh
                """);
        Path group = directory.resolve("group");
        Files.writeString(group, "root:x:0:\nann:x:61001:\nben:x:61002:\ncarl:x:61003:\nberth-admin:x:61100:carl\n");
        // Directories that tests are given are their user's only; the socket is everybody's.
        Path open = Files.createTempDirectory(
                "berth-shared-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        Map<String, String> all = new TreeMap<>(environment);
        all.put("BERTH_MODE", "shared");
        all.put("BERTH_SOCKET", open.resolve("run/berth.sock").toString());
        all.put("BERTH_CONFLICTS_RESPAWN_WATCH", "0s");
        Berth berth = Berth.startThrough(
                List.of(
                        "unshare",
                        "--mount",
                        "--propagation",
                        "private",
                        "sh",
                        "-c",
                        "mount --bind \"$1\" /etc/passwd && mount --bind \"$2\" /etc/group && shift 2 && exec \"$@\"",
                        "sh",
                        passwd.toString(),
                        group.toString()),
                directory,
                all);
        return new SharedMachine(open, berth);
    }

    Berth berth() {
        return berth;
    }

    Path socket() {
        return socket;
    }

    /** A directory that everybody may look into. */
    Path open() {
        return open;
    }

    Answer call(Who who, Way way, String method, String path, Optional<Object> body, String... headers) {
        List<String> command = new ArrayList<>(List.of("curl", "-q", "-s", "--max-time", "60", "-X", method));
        Arrays.stream(headers).forEach(header -> command.addAll(List.of("-H", header)));
        command.addAll(List.of("-H", "Accept: application/json", "-w", "\n%{http_code}"));
        body.ifPresent(tree -> command.addAll(List.of(
                "-H",
                "Content-Type: application/json",
                "-d",
                JSON.valueToTree(tree).toString())));
        if (way == Way.SOCKET) {
            command.addAll(List.of("--unix-socket", socket.toString(), "http://localhost" + path));
        } else {
            command.addAll(List.of("--noproxy", "*", berth.base() + path));
        }
        String answer = run(who, command);
        int end = answer.lastIndexOf('\n');
        try {
            String text = answer.substring(0, end);
            return new Answer(
                    Integer.parseInt(answer.substring(end + 1).strip()),
                    text.startsWith("{")
                            ? JSON.readTree(text)
                            : JSON.getNodeFactory().textNode(text));
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    Answer get(Who who, String path, String... headers) {
        return call(who, Way.SOCKET, "GET", path, Optional.empty(), headers);
    }

    Answer post(Who who, String path, String... headers) {
        return call(who, Way.SOCKET, "POST", path, Optional.empty(), headers);
    }

    Answer put(Who who, String path, Object body, String... headers) {
        return call(who, Way.SOCKET, "PUT", path, Optional.of(body), headers);
    }

    /** Runs a program as the user, with none of root's groups, and returns what it said. */
    String run(Who who, List<String> command) {
        Process process = start(who, command);
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private Process start(Who who, List<String> command) {
        return children.start(as(who, command));
    }

    private static List<String> as(Who who, List<String> command) {
        List<String> all = new ArrayList<>();
        if (who != Who.ROOT) {
            all.addAll(List.of("setpriv", "--reuid=" + who.uid, "--regid=" + who.uid, "--clear-groups"));
        }
        all.addAll(command);
        return all;
    }

    /** A process of the user's that holds the port. */
    Process holder(Who who, int port) {
        return children.startReady(as(
                        who,
                        List.of(
                                PYTHON,
                                "-c",
                                "import socket, sys, time\n"
                                        + "s = socket.socket()\n"
                                        + "s.bind(('127.0.0.1', int(sys.argv[1])))\n"
                                        + "s.listen()\n"
                                        + "print('ready', flush=True)\n"
                                        + "time.sleep(1000)",
                                Integer.toString(port),
                                "--password=of-" + who)))
                .process();
    }

    @Override
    public void close() {
        children.close();
        berth.close();
        try {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(open.resolve("run/lock"));
            Files.deleteIfExists(open.resolve("run"));
            Files.deleteIfExists(open);
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }
}
