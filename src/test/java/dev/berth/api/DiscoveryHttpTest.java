package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.berth.testing.FreePorts;
import dev.berth.testing.Tools;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where services are, for other tools. */
@QuarkusTest
class DiscoveryHttpTest {
    private static final String SPACE = "/namespaces/discovery-test";
    private static final String WEB = SPACE + "/services/web";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TestHTTPResource("/")
    URL base;

    @BeforeAll
    static void textBodies() {
        ServicesHttpTest.textBodies();
    }

    @AfterEach
    void remove() {
        given().delete(WEB);
        await().atMost(PATIENCE).until(() -> given().get(WEB).statusCode() == 404);
    }

    private static void declare(int port, String annotations) {
        given().contentType(ContentType.JSON)
                .body("""
                        {"apiVersion": "berth.dev/v1", "kind": "Service", "metadata": {"annotations": {%s}},
                         "spec": {"port": %d, "command": ["python3", "-m", "http.server", "--bind", "127.0.0.1", "{port}"]}}
                        """.formatted(annotations, port))
                .put(WEB);
    }

    private static String address() {
        return given().get(SPACE + "/discovery").jsonPath().getString("web.address");
    }

    @Test
    void aServiceIsFoundWhereItIsAlsoAfterAMove() {
        int first = FreePorts.take();
        declare(first, "");
        await().atMost(PATIENCE).until(() -> ("127.0.0.1:" + first).equals(address()));
        given().get("/discovery").then().body("'discovery-test/web'.address", equalTo("127.0.0.1:" + first));
        assertThat(given().accept("text/plain").get(SPACE + "/discovery").asString())
                .containsPattern("web +127.0.0.1:" + first);

        int second = FreePorts.take();
        declare(second, "");
        await().atMost(PATIENCE).until(() -> ("127.0.0.1:" + second).equals(address()));

        given().post(WEB + "/stop").then().statusCode(202);
        await().atMost(PATIENCE).until(() -> address() == null);
    }

    @Test
    void prometheusIsToldTargetsAndHowToScrapeThem() {
        int port = FreePorts.take();
        declare(port, "\"prometheus.io/scrape\": \"true\", \"prometheus.io/path\": \"/stats\"");
        String targets = "findAll {it.labels.namespace == 'discovery-test'}";
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/discovery/prometheus?annotated=true")
                        .then()
                        .statusCode(200)
                        .body(targets + ".targets.flatten()", hasItem("127.0.0.1:" + port)));
        given().get(SPACE + "/discovery/prometheus")
                .then()
                .body("[0].labels.__metrics_path__", equalTo("/stats"))
                .body("[0].labels.service", equalTo("web"));

        declare(port, "\"prometheus.io/scrape\": \"false\"");
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/discovery/prometheus")
                        .then()
                        .body(targets + ".targets.flatten()", not(hasItem("127.0.0.1:" + port))));
        given().get("/discovery/prometheus?anotated=true").then().statusCode(422);
    }

    @Test
    void promtoolFindsTheServices(@TempDir Path directory) throws Exception {
        Path promtool = Tools.require("promtool");
        int port = FreePorts.take();
        declare(port, "");
        await().atMost(PATIENCE).until(() -> ("127.0.0.1:" + port).equals(address()));
        Path config = Files.writeString(directory.resolve("prometheus.yml"), """
                scrape_configs:
                  - job_name: services
                    http_sd_configs: [{url: "%sdiscovery/prometheus"}]
                """.formatted(base));
        Process check = new ProcessBuilder(
                        promtool.toString(),
                        "check",
                        "service-discovery",
                        "--timeout=10s",
                        config.toString(),
                        "services")
                .redirectErrorStream(true)
                .start();
        check.getOutputStream().close();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor()).as(said).isZero();
        assertThat(said).contains("127.0.0.1:" + port, "__meta_berth_service");
    }
}
