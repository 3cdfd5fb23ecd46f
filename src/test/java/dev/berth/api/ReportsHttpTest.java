package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.berth.testing.FreePorts;
import io.quarkus.test.junit.QuarkusTest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ReportsHttpTest {
    private static final String WEB = "/namespaces/report-test/services/web";

    @AfterEach
    void leaveNothingBehind() {
        given().delete(WEB);
    }

    private static void declare(int port) {
        given().contentType("application/json")
                .body("{\"port\": " + port + ", \"alternativePorts\": [" + FreePorts.take()
                        + "], \"strategy\": \"conservative\"}")
                .put(WEB)
                .then()
                .statusCode(201);
    }

    @Test
    void aLostPortStandsInTheReports() throws Exception {
        int port = FreePorts.take();
        try (ServerSocket stranger = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(stranger.isBound()).isTrue();
            declare(port);
            await().untilAsserted(() -> given().get("/reports/conflicts?since=10m")
                    .then()
                    .statusCode(200)
                    .body("kind", equalTo("ConflictsReport"))
                    .body("report.ports.port", hasItem(Integer.toString(port)))
                    .body("report.total", greaterThanOrEqualTo(1)));
            given().accept("text/plain")
                    .get("/reports/conflicts")
                    .then()
                    .body(containsString(port + " "), containsString("report-test/web"));
            given().get("/reports/ports")
                    .then()
                    .statusCode(200)
                    .body("report.inUse", greaterThanOrEqualTo(1))
                    .body("report.ports.port", hasItem(Integer.toString(port)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"health", "performance"})
    void everyServiceIsInTheReport(String report) {
        declare(FreePorts.take());
        given().accept("text/plain")
                .get("/reports/" + report + "?since=1h")
                .then()
                .statusCode(200)
                .body(containsString("report-test/web"));
        given().get("/reports/" + report + "?since=yesterday").then().statusCode(422);
    }

    @Test
    void thereAreFourReports() {
        given().get("/reports/weather").then().statusCode(404);
    }

    @Test
    void healthTellsWhenAServiceWasDown() {
        given().contentType("application/json")
                .body("{\"port\": " + FreePorts.take() + ", \"command\": [\"sleep\", \"1000\"]}")
                .put(WEB)
                .then()
                .statusCode(201);
        String line = "report.find { it.health.service == 'report-test/web' }.";
        await().untilAsserted(() -> given().get("/reports/health?since=1h")
                .then()
                .statusCode(200)
                .body(line + "starts", greaterThanOrEqualTo(1))
                .body(line + "availability.share", equalTo(0.0f))
                .body(line + "availability.downtimes", equalTo(1))
                .body(line + "availability.latest[0].ongoing", equalTo(true)));
        given().accept("text/plain")
                .get("/reports/health?since=1h")
                .then()
                .body(containsString("Not ready, the latest of each service:\nreport-test/web, "));
        given().get("/reports/health?since=2h&until=1h")
                .then()
                .statusCode(200)
                .body(line + "availability.downtimes", equalTo(0))
                .body(line + "availability", not(hasKey("share")));
        String trend = "report.find { it.service == 'report-test/web' }.period.trend.";
        given().get("/reports/performance?since=2h&until=1h")
                .then()
                .statusCode(200)
                .body(trend + "step", equalTo("3m"));
        // Of the week a minute is known at most, and that is what the trend is of.
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> given().get("/reports/performance?since=168h")
                        .then()
                        .statusCode(200)
                        .body(trend + "step", equalTo("15s"))
                        .body(trend + "memory", hasSize(lessThan(24))));
        for (String report : List.of("ports", "health", "conflicts", "performance")) {
            given().get("/reports/" + report + "?since=1h&until=2h").then().statusCode(422);
        }
    }

    @Test
    void aPortThatWasLostIsSaidToBeAtRisk() throws Exception {
        int port = FreePorts.take();
        given().get("/ports/" + port)
                .then()
                .body("risk.score", lessThan(0.1f))
                .body("risk.evidence[0]", equalTo("no contest of it is remembered"));
        try (ServerSocket stranger = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(stranger.isBound()).isTrue();
            declare(port);
            await().untilAsserted(() -> given().get("/ports/" + port)
                    .then()
                    .body("risk.score", greaterThan(0.1f))
                    .body("risk.evidence[0]", startsWith("contested once, last ")));
        }
        given().accept("text/plain").get("/ports/" + port).then().body(containsString("Risk: contested within a day"));
        String line = "report.ports.find { it.port == '" + port + "' }.";
        given().get("/reports/ports")
                .then()
                .body(line + "contests", equalTo(1))
                .body(line + "risk.evidence[0]", startsWith("contested once"));
        given().accept("text/plain")
                .get("/reports/ports")
                .then()
                .body(containsString(port + ": contested once, last "));
    }
}
