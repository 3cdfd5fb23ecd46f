package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Berth as the first process of a container. */
class ContainerIT {
    private static final String LISTENER = "exec python3 -m http.server {port} --bind 127.0.0.1";
    private static final int EXIT_BY_SIGTERM = 143;
    private static final int ORPHANS = 40;

    @TempDir
    Path directory;

    @Test
    void probesAnswerAndTellWhatIsSeen() {
        try (Container container = new Container(directory).start()) {
            assertThat(container.curl("-f", "/q/health/live").status()).isZero();
            Container.Ran ready = container.curl("-f", "/q/health/ready");
            assertThat(ready.status()).as(ready.output()).isZero();
            JsonNode observation = check(ready, "observation");
            assertThat(observation.at("/status").asText()).isEqualTo("UP");
            assertThat(observation.at("/data/network").asText()).contains("this network namespace", "not seen");
            assertThat(observation.at("/data/processes").asText()).contains("this pid namespace");
            assertThat(check(ready, "database").at("/data/storage").asText()).isEqualTo("disk");
            assertThat(container.log())
                    .contains("Berth listens on http://127.0.0.1:" + Container.PORT)
                    .contains("port " + Container.PORT + " on 127.0.0.1", "no mapped port")
                    .contains("first process");
        }
    }

    /** Everything that somebody starts inside by hand, and every daemon that detaches itself, ends up as Berth's to reap. */
    @Test
    void orphansAreReapedAndOwnChildrenKeepTheirStatus() {
        try (Container container = new Container(directory).start()) {
            container.declare("seven", Map.of("port", 9301, "command", "exit 7", "autoRestart", false));
            container.declare(
                    "checked",
                    Map.of(
                            "port",
                            9302,
                            "command",
                            LISTENER,
                            "healthCheck",
                            Map.of("command", "exit 0", "interval", "1s")));
            container.declare(
                    "detaching",
                    Map.of("port", 9303, "command", "(setsid sh -c 'sleep 0.2; exit 5' &); exec sleep 1000"));
            container.inside(
                    "sh", "-c", "i=0; while [ $i -lt " + ORPHANS + " ]; do (sh -c 'exit 3' &); i=$((i + 1)); done");

            JsonNode seven = container.await("seven", "Failed");
            assertThat(seven.toString()).contains("status 7");
            container.await("checked", "Running");
            Awaitility.await("no zombie is left").atMost(Berth.PATIENCE).until(() -> container.zombies() == 0);
            assertThat(container.service("checked").at("/status/restarts").asInt())
                    .isZero();
            assertThat(container.service("checked").at("/status/state").asText())
                    .isEqualTo("Running");
        }
    }

    /** Without Berth nobody would be there to take services up: it ends them, in their own way, before the runtime kills all. */
    @Test
    void sigtermEndsTheServicesFirst() throws Exception {
        try (Container container = new Container(directory).start()) {
            container.declare(
                    "polite",
                    Map.of(
                            "port",
                            9304,
                            "command",
                            "trap 'echo bye >" + Container.DATA + "/farewell; exit 0' TERM; echo up >" + Container.DATA
                                    + "/hello; while :; do sleep 0.1; done"));
            Path hello = container.data().resolve("hello");
            Awaitility.await("the service has set its trap")
                    .atMost(Berth.PATIENCE)
                    .until(() -> Files.exists(hello));

            assertThat(container.terminate()).isEqualTo(EXIT_BY_SIGTERM);

            assertThat(container.data().resolve("farewell")).hasContent("bye");
            assertThat(container.log()).contains("stopped: default/polite");
            assertThat(container.data().resolve("endpoint")).doesNotExist();
        }
    }

    /** A second start on the same volume: the state is there, and the service is started again. */
    @Test
    void stateIsKeptOnTheVolume() {
        try (Container container = new Container(directory).start()) {
            container.declare("kept", Map.of("port", 9305, "command", LISTENER));
            container.await("kept", "Running");
            container.terminate();
            container.start();
            container.await("kept", "Running");
            assertThat(container.curl("/audit/verify").json().path("valid").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void withoutADataDirectoryStateIsInMemoryAndThatIsLoud() {
        try (Container container = new Container(directory)
                .with("BERTH_DATA_DIR", "/nowhere/berth")
                .withTemporary("rw,nosuid,nodev")
                .start()) {
            assertThat(container.log()).contains("NOTHING IS KEPT", "/nowhere/berth", "Read-only");
            Container.Ran ready = container.curl("-f", "/q/health/ready");
            assertThat(check(ready, "database").at("/data/storage").asText()).contains("memory");
            container.declare("web", Map.of("port", 9306, "command", LISTENER));
            container.await("web", "Running");
        }
    }

    @Test
    void whereNothingCanBeUnpackedItSaysWhatToMount() {
        try (Container container = new Container(directory)
                .with("BERTH_DATA_DIR", "/nowhere/berth")
                .launch()) {
            assertThat(container.exitStatus()).isEqualTo(1);
            assertThat(container.log()).contains("/tmp is mounted noexec", "tmpfs", "option exec");
        }
    }

    @Test
    void allAddressesWithoutATokenAreRefused() {
        try (Container container =
                new Container(directory).with("BERTH_HTTP_HOST", "0.0.0.0").launch()) {
            assertThat(container.exitStatus()).isEqualTo(2);
            assertThat(container.log()).contains("BERTH_HTTP_HOST", "0.0.0.0");
        }
    }

    /** As a mapped port and the kubelet's probes come: at the container's address, with a Host of theirs. */
    @Test
    void withATokenItIsReachedAtTheContainersAddress() {
        String token = "of-this-test-alone-0123456789";
        try (Container container = new Container(directory)
                .with("BERTH_HTTP_HOST", "0.0.0.0")
                .with("BERTH_TOKEN", token)
                .with("BERTH_ALLOWED_HOSTS", "berth.example")
                .start()) {
            assertThat(container.log()).contains("container port " + Container.PORT, "allowedHosts", "berth.example");
            assertThat(container.log()).doesNotContain(token);
            for (String probe : new String[] {"/q/health/started", "/q/health/ready", "/q/health/live"}) {
                assertThat(container.curlAt(Container.ADDRESS, "-f", probe).status())
                        .as(probe)
                        .isZero();
            }
            assertThat(status(container, "Host: berth.example:17171", "Authorization: Bearer of-nobody-0123456789"))
                    .isEqualTo("401");
            assertThat(status(container, "Host: berth.example:17171", "Authorization: Bearer " + token))
                    .isEqualTo("200");
            assertThat(status(container, "Host: evil.example", "Authorization: Bearer " + token))
                    .isEqualTo("403");
        }
    }

    private static String status(Container container, String... headers) {
        return container
                .curlAt(
                        Container.ADDRESS,
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{http_code}",
                        "-H",
                        headers[0],
                        "-H",
                        headers[1],
                        "/services")
                .output();
    }

    private static JsonNode check(Container.Ran ready, String name) {
        return StreamSupport.stream(ready.json().path("checks").spliterator(), false)
                .filter(each -> each.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
