package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;

import dev.berth.testing.FreePorts;
import io.quarkus.test.junit.QuarkusTest;
import java.net.InetAddress;
import java.net.ServerSocket;
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
}
