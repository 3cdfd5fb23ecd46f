package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import dev.berth.metrics.Metric;
import dev.berth.metrics.MetricCatalog;
import dev.berth.metrics.Scrape;
import dev.berth.testing.FreePorts;
import dev.berth.testing.Tools;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a Prometheus finds, on a daemon that is at work. */
@QuarkusTest
class MetricsHttpTest {
    private static final String SERVICES = "/namespaces/metrics-test/services";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @BeforeAll
    static void textBodies() {
        ServicesHttpTest.textBodies();
    }

    @AfterEach
    void remove() {
        for (String name : List.of("web", "moved")) {
            given().delete(SERVICES + "/" + name);
            await().atMost(PATIENCE)
                    .until(() -> given().get(SERVICES + "/" + name).statusCode() == 404);
        }
    }

    private static Scrape scrape() {
        return Scrape.of(
                given().get("/metrics").then().statusCode(200).extract().asString());
    }

    private static void declare(String name, String spec) {
        given().contentType(ContentType.JSON)
                .body(spec)
                .put(SERVICES + "/" + name)
                .then()
                .statusCode(201);
    }

    private static Map<String, String> of(String service) {
        return Map.of("namespace", "metrics-test", "service", service);
    }

    @Test
    void aServiceHasItsSeriesAsLongAsItIsDeclared() {
        int port = FreePorts.take();
        declare("web", """
                {"port": %d, "command": ["python3", "-m", "http.server", "--bind", "127.0.0.1", "{port}"],
                 "healthCheck": {"tcp": "{port}", "interval": "200ms"}, "critical": true}
                """.formatted(port));

        await().atMost(PATIENCE).untilAsserted(() -> {
            Scrape seen = scrape();
            assertThat(seen.value("berth_service_up", of("web"))).contains(1.0);
            assertThat(seen.value("berth_service_healthy", of("web"))).contains(1.0);
            assertThat(seen.value("berth_service_cpu_seconds_total", of("web")))
                    .hasValueSatisfying(used -> assertThat(used).isPositive());
        });
        Scrape seen = scrape();
        assertThat(seen.value("berth_service_port", of("web"))).contains((double) port);
        assertThat(seen.value("berth_service_wanted", of("web"))).contains(1.0);
        assertThat(seen.value("berth_service_moved", of("web"))).contains(0.0);
        assertThat(seen.value("berth_service_starts_total", of("web"))).contains(1.0);
        assertThat(seen.value("berth_service_restarts_total", of("web"))).contains(0.0);
        assertThat(seen.value("berth_service_health_check_seconds", of("web"))).isPresent();
        assertThat(seen.value("berth_service_resident_memory_bytes", of("web")))
                .hasValueSatisfying(bytes -> assertThat(bytes).isGreaterThan(1e6));
        assertThat(seen.value(
                        "berth_service_info",
                        Map.of(
                                "namespace",
                                "metrics-test",
                                "service",
                                "web",
                                "kind",
                                "supervised",
                                "critical",
                                "true")))
                .contains(1.0);

        given().delete(SERVICES + "/web");
        await().atMost(PATIENCE).until(() -> given().get(SERVICES + "/web").statusCode() == 404);
        assertThat(scrape().series().stream()
                        .filter(series -> of("web").entrySet().stream()
                                .allMatch(label ->
                                        label.getValue().equals(series.labels().get(label.getKey())))))
                .isEmpty();
    }

    @Test
    void aConflictIsCountedOnceAndShownWhileItIsOpen() throws IOException {
        double before = conflicts();
        int port = FreePorts.take();
        try (ServerSocket stranger = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(stranger.isBound()).isTrue();
            declare("moved", """
                    {"port": %d, "alternativePorts": [%d], "strategy": "conservative"}
                    """.formatted(port, FreePorts.take()));

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(scrape().value("berth_service_moved", of("moved")))
                            .contains(1.0));
            assertThat(conflicts()).isEqualTo(before + 1);
            assertThat(scrape().sum("berth_ports", Map.of("state", "in_use", "protocol", "tcp")))
                    .isGreaterThanOrEqualTo(1);
        }
    }

    private static double conflicts() {
        return scrape().sum("berth_conflicts_total", Map.of("decision", "migrate"));
    }

    @Test
    void everythingIsInTheCatalogAndTheCatalogIsThere() {
        // Answers are there once there was one.
        given().get("/services").then().statusCode(200);
        await().atMost(PATIENCE).until(() -> scrape().families().contains("berth_http_server_requests_seconds"));
        Scrape seen = scrape();

        Map<String, Metric> known = MetricCatalog.ALL.stream().collect(Collectors.toMap(Metric::name, each -> each));
        assertThat(seen.families()).allSatisfy(name -> assertThat(name).startsWith("berth_"));
        assertThat(known.keySet()).containsAll(seen.families());
        // The collector of garbage may not have run yet.
        assertThat(seen.families())
                .containsAll(known.keySet().stream()
                        .filter(name -> !name.contains("gc_pause"))
                        .toList());
        assertThat(seen.series())
                .allSatisfy(series -> assertThat(series.ownLabels())
                        .as(series.name())
                        .containsExactlyInAnyOrderElementsOf(
                                known.get(seen.family(series)).labels()));
        seen.families()
                .forEach(name -> assertThat(seen.type(name))
                        .as(name)
                        .isEqualTo(known.get(name).type().name().toLowerCase(Locale.ROOT)));
    }

    @Test
    void strangersPathsMakeNoSeries() {
        given().get("/services/none-of-this-name").then().statusCode(404);
        given().get("/no/such/path/at-all-5712").then().statusCode(404);
        given().get("/metrics").then().statusCode(200);
        given().get("/q/health/live").then().statusCode(200);

        assertThat(given().get("/metrics").asString())
                .doesNotContain("none-of-this-name", "at-all-5712", "uri=\"/metrics\"", "uri=\"/q/");
    }

    @Test
    void whoAcceptsOpenMetricsGetsIt() {
        given().accept("application/openmetrics-text; version=1.0.0; charset=utf-8")
                .get("/metrics")
                .then()
                .statusCode(200)
                .contentType(containsString("application/openmetrics-text"))
                .body(containsString("# TYPE berth_queue_depth gauge"), containsString("# EOF"));
        given().accept("text/plain").get("/metrics").then().contentType(containsString("text/plain"));
    }

    @Test
    void promtoolHasNothingToSay() throws Exception {
        Path promtool = Tools.require("promtool");
        Process check = new ProcessBuilder(promtool.toString(), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (var in = check.getOutputStream()) {
            in.write(given().get("/metrics").asString().getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor()).as(said).isZero();
        assertThat(said).isBlank();
    }
}
