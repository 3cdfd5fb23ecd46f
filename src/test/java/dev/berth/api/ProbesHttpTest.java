package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.berth.testing.FreePorts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The probes: open to anyone, and quiet to strangers. */
@QuarkusTest
class ProbesHttpTest {
    private static final String CRITICAL = "/namespaces/probed/services/secret-plan";

    @BeforeAll
    static void textBodies() {
        ServicesHttpTest.textBodies();
    }

    @AfterEach
    void tidy() {
        given().delete(CRITICAL);
    }

    /** A rebound page, a foreign page, and somebody whom nothing here knows. */
    private static List<RequestSpecification> strangers() {
        return List.of(
                given().header("Host", "evil.example"),
                given().header("Sec-Fetch-Site", "cross-site"),
                given().header("Origin", "http://evil.example"),
                given().header("Authorization", "Bearer of-nobody-0123456789"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health", "/q/health/live", "/q/health/ready", "/q/health/started"})
    void strangersAreToldTheStatusAlone(String probe) {
        Response own = given().get(probe);
        assertThat(own.<List<Object>>path("checks"))
                .as("who is let in reads why")
                .isNotEmpty();
        for (RequestSpecification stranger : strangers()) {
            Response told = stranger.get(probe);
            assertThat(told.statusCode()).isEqualTo(own.statusCode());
            assertThat(told.asString()).isEqualTo("{\"status\":\"" + own.path("status") + "\"}");
        }
    }

    @Test
    void strangersLearnThatItIsNotReadyAndNotOfWhat() {
        given().contentType(ContentType.JSON)
                .body(Map.of("port", FreePorts.take(), "command", "false", "autoRestart", false, "critical", true))
                .put(CRITICAL)
                .then()
                .statusCode(201);
        Awaitility.await("the critical service has failed")
                .atMost(Duration.ofSeconds(30))
                .until(() -> given().get("/q/health/ready").statusCode() == 503);
        given().get("/q/health/ready")
                .then()
                .statusCode(503)
                .body("checks.data.'probed/secret-plan'", hasItem(equalTo("failed")));
        for (RequestSpecification stranger : strangers()) {
            Response told = stranger.get("/q/health/ready");
            assertThat(told.statusCode()).isEqualTo(503);
            assertThat(told.asString()).isEqualTo("{\"status\":\"DOWN\"}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health/group", "/q/health/well", "/q/health/", "/q/health/ready/"})
    void nothingBesideTheProbesIsOpen(String path) {
        given().header("Host", "evil.example").get(path).then().statusCode(403);
        given().header("Host", "evil.example").post("/q/health/ready").then().statusCode(403);
    }
}
