package dev.berth.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Dockerfile, compose file, Kubernetes manifest and CI examples: that they say together what one image needs. No engine reads them
 * here; src/test/shell/dockerfile.py carries the Dockerfile out without one.
 */
class ContainerFilesTest {
    private static final ObjectMapper JSON = new ObjectMapper(new YAMLFactory());
    private static final String UID = "65532";
    private static final List<String> ENGINE_RIGHTS = List.of("SYS_PTRACE", "DAC_READ_SEARCH", "KILL");

    private static JsonNode yaml(String file) throws IOException {
        // Merge keys (<<) and anchors, as compose and kubectl resolve them.
        Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(Path.of(file)));
        return JSON.valueToTree(tree);
    }

    private static List<String> dockerfile() throws IOException {
        String joined = Files.readAllLines(Path.of("deploy/docker/Dockerfile")).stream()
                .filter(line -> !line.startsWith("#"))
                .reduce("", (all, line) -> all + line + "\n")
                .replace("\\\n", " ");
        return joined.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private static String last(String keyword) throws IOException {
        return dockerfile().stream()
                .filter(line -> line.startsWith(keyword + " "))
                .reduce((first, second) -> second)
                .map(line -> line.substring(keyword.length()).strip())
                .orElseThrow();
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @Test
    void theImageIsRunByANumberedUserAndItsFirstProcessGetsTheSignals() throws IOException {
        assertThat(last("USER")).isEqualTo(UID + ":" + UID);
        assertThat(last("STOPSIGNAL")).isEqualTo("SIGTERM");
        // The exec form: a shell in between would be the first process, and pass no signal on.
        assertThat(JSON.readTree(last("ENTRYPOINT"))).hasSize(1);
        assertThat(JSON.readTree(last("CMD")).get(0).asText()).isEqualTo("serve");
        assertThat(last("HEALTHCHECK")).contains("CMD [\"/opt/berth/lib/berth/healthcheck\"]");
        assertThat(last("VOLUME")).isEqualTo("/var/lib/berth");
        assertThat(Files.readString(Path.of("deploy/bin/berth"))).contains("serve \"$@\"");
        assertThat(Files.readString(Path.of("deploy/lib/runner.sh"))).contains("exec \"$JAVA\"");
    }

    /** Everything that is copied is sent to the builder, and secrets and builds of this machine are not. */
    @Test
    void theBuildersContextHasWhatIsCopiedAndNothingElse() throws IOException {
        List<String> ignore = Files.readAllLines(Path.of(".dockerignore")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        assertThat(ignore).first().isEqualTo("*");
        List<String> sent =
                ignore.stream().skip(1).map(line -> line.substring(1)).toList();
        assertThat(sent).allSatisfy(path -> assertThat(Path.of(path)).exists());
        assertThat(sent)
                .noneMatch(path -> path.startsWith("target") || path.contains(".env") || path.startsWith(".git"));
        for (String line : dockerfile()) {
            if (line.startsWith("COPY ") && !line.contains("--from=")) {
                String[] words = line.split(" +");
                for (int i = 1; i < words.length - 1; i++) {
                    String copied = words[i];
                    assertThat(sent)
                            .as(line)
                            .anyMatch(path -> path.equals(copied)
                                    || path.startsWith(copied + "/")
                                    || copied.startsWith(path + "/"));
                }
            }
        }
    }

    @Test
    void bothComposeServicesAreLockedDown() throws IOException {
        JsonNode compose = yaml("docker-compose.yml");
        for (JsonNode service : compose.path("services")) {
            assertThat(service.path("read_only").asBoolean()).isTrue();
            assertThat(texts(service.path("cap_drop"))).containsExactly("ALL");
            assertThat(texts(service.path("security_opt"))).contains("no-new-privileges:true");
            assertThat(service.at("/build/dockerfile").asText()).isEqualTo("deploy/docker/Dockerfile");
            assertThat(texts(service.at("/healthcheck/test")))
                    .containsExactly("CMD", "/opt/berth/lib/berth/healthcheck");
            assertThat(service.at("/environment/BERTH_TOKEN").asText())
                    .as("nobody gets in who was not told how, and no token is in the file")
                    .startsWith("${BERTH_TOKEN:?");
            String volume = service.path("volumes").get(0).asText();
            assertThat(compose.path("volumes").has(volume.substring(0, volume.indexOf(':'))))
                    .as(volume)
                    .isTrue();
            assertThat(service.path("privileged").asBoolean()).isFalse();
        }
    }

    @Test
    void theOneForTheMachineSeesItAndListensOnLoopback() throws IOException {
        JsonNode host = yaml("docker-compose.yml").at("/services/berth");
        assertThat(host.path("network_mode").asText()).isEqualTo("host");
        assertThat(host.path("pid").asText()).isEqualTo("host");
        assertThat(texts(host.path("cap_add"))).containsExactlyElementsOf(ENGINE_RIGHTS);
        assertThat(host.at("/environment/BERTH_HTTP_HOST").asText()).isEqualTo("127.0.0.1");
        assertThat(host.at("/environment/BERTH_ON_SHUTDOWN").asText())
                .as("with pid: host it is not the first process")
                .isEqualTo("stop");
        JsonNode isolated = yaml("docker-compose.yml").at("/services/berth-isolated");
        assertThat(isolated.has("cap_add") || isolated.has("user")).isFalse();
        assertThat(isolated.at("/environment/BERTH_HTTP_HOST").asText()).isEqualTo("0.0.0.0");
        assertThat(texts(isolated.path("ports"))).allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @Test
    void theSidecarIsProbedWithoutAHostAndSharesItsPodsProcesses() throws IOException {
        JsonNode deployment = yaml("deploy/kubernetes/sidecar.yaml");
        assertThat(deployment.path("apiVersion").asText()).isEqualTo("apps/v1");
        assertThat(deployment.path("kind").asText()).isEqualTo("Deployment");
        assertThat(deployment.at("/spec/template/metadata/labels"))
                .isEqualTo(deployment.at("/spec/selector/matchLabels"));
        JsonNode pod = deployment.at("/spec/template/spec");
        assertThat(pod.path("shareProcessNamespace").asBoolean()).isTrue();
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/runAsUser").asText()).isEqualTo(UID);
        JsonNode berth = StreamSupport.stream(pod.path("containers").spliterator(), false)
                .filter(each -> each.path("name").asText().equals("berth"))
                .findFirst()
                .orElseThrow();
        Map<String, String> probes = new TreeMap<>();
        Stream.of("startupProbe", "readinessProbe", "livenessProbe").forEach(name -> {
            JsonNode http = berth.path(name).path("httpGet");
            assertThat(http.path("port").asText())
                    .isEqualTo(berth.at("/ports/0/name").asText());
            assertThat(http.has("httpHeaders")).isFalse();
            probes.put(name, http.path("path").asText());
        });
        assertThat(probes)
                .isEqualTo(Map.of(
                        "startupProbe", "/q/health/started",
                        "readinessProbe", "/q/health/ready",
                        "livenessProbe", "/q/health/live"));
        for (JsonNode container : pod.path("containers")) {
            JsonNode security = container.path("securityContext");
            assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(security.path("allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(texts(security.at("/capabilities/drop"))).containsExactly("ALL");
            assertThat(container.at("/resources/limits/memory").isTextual()).isTrue();
            for (JsonNode mount : container.path("volumeMounts")) {
                assertThat(pod.path("volumes").findValuesAsText("name"))
                        .contains(mount.path("name").asText());
            }
        }
        assertThat(berth.path("env").toString())
                .contains("secretKeyRef")
                .contains("{\"name\":\"BERTH_HTTP_HOST\",\"value\":\"0.0.0.0\"}");
    }

    /** Each takes a port of its own, shows it to the command, and ends Berth whatever happened. */
    @Test
    void ciExamplesAlwaysCleanUp() throws IOException {
        JsonNode steps = yaml("deploy/ci/github-actions.yml").at("/jobs/e2e/steps");
        JsonNode end = steps.get(steps.size() - 1);
        assertThat(end.path("if").asText()).isEqualTo("always()");
        assertThat(end.path("run").asText()).isEqualTo("berth down");
        JsonNode job = yaml("deploy/ci/gitlab-ci.yml").path("e2e");
        assertThat(texts(job.path("after_script"))).last().isEqualTo("berth down");
        for (JsonNode variables :
                List.of(yaml("deploy/ci/github-actions.yml").at("/jobs/e2e/env"), job.path("variables"))) {
            assertThat(variables.path("BERTH_HTTP_PORT").asText()).isEqualTo("0");
            assertThat(variables.path("BERTH_ON_SHUTDOWN").asText()).isEqualTo("stop");
            assertThat(variables.path("BERTH_CONFLICTS_PRESERVE_FOREIGN").asText())
                    .isEqualTo("true");
        }
    }

    /** What {@code docker compose config} is, where a compose of any kind is installed. */
    @Test
    void composeReadsItsFile() throws Exception {
        Process process = new ProcessBuilder(
                        Tools.require("docker-compose").toString(), "-f", "docker-compose.yml", "config", "--quiet")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String words = new String(process.getInputStream().readAllBytes());
        assertThat(words).as("without a token").contains("BERTH_TOKEN");
        assertThat(process.waitFor()).isNotZero();
        ProcessBuilder builder = new ProcessBuilder(
                        Tools.require("docker-compose").toString(), "-f", "docker-compose.yml", "config", "--quiet")
                .redirectErrorStream(true);
        builder.environment().put("BERTH_TOKEN", "of this test");
        process = builder.start();
        process.getOutputStream().close();
        words = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(words).isZero();
    }
}
