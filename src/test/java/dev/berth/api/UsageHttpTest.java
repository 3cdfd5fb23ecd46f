package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.nullValue;

import dev.berth.testing.FreePorts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a service uses of the machine, as it is told: of a real process. */
@QuarkusTest
class UsageHttpTest {
    private static final String SERVICES = "/namespaces/usage-test/services";
    private static final String WEB = SERVICES + "/web";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int port = FreePorts.take(1).get(0);

    @BeforeAll
    static void textBodies() {
        ServicesHttpTest.textBodies();
    }

    @AfterEach
    void remove() {
        given().delete(WEB);
        await().atMost(PATIENCE).until(() -> given().get(WEB).statusCode() == 404);
    }

    private void declare(String command) {
        given().contentType(ContentType.JSON)
                .body("{\"port\": %d, \"command\": %s}".formatted(port, command))
                .put(WEB)
                .then()
                .statusCode(201);
    }

    private JsonPath measured() {
        await().atMost(PATIENCE).until(() -> given().get(WEB).jsonPath().get("status.usage.cpu") != null);
        return given().get(WEB).jsonPath();
    }

    @Test
    void aBusyServiceShowsWhatItUses() {
        declare("[\"sh\", \"-c\", \"sleep 1000 & while :; do :; done\"]");

        await().atMost(PATIENCE).until(() -> measured().getDouble("status.usage.cpu") > 0.05);
        JsonPath shown = given().get(WEB).jsonPath();
        assertThat(shown.getDouble("status.usage.cpuSeconds")).isPositive();
        assertThat(shown.getInt("status.usage.processes")).isEqualTo(2);
        assertThat(shown.getInt("status.usage.threads")).isEqualTo(2);
        assertThat(shown.getLong("status.usage.memoryBytes")).isBetween(100_000L, 100_000_000L);
        assertThat(shown.getInt("status.usage.openFiles")).isGreaterThanOrEqualTo(6);
        assertThat(shown.getDouble("status.usage.uptimeSeconds")).isBetween(0.0, 120.0);
        assertThat(shown.getBoolean("status.usage.throughput.atLeast")).isTrue();
        assertThat(shown.getInt("status.usage.throughput.connections")).isZero();
        assertThat((Object) shown.get("status.usage.responseTime")).isNull();

        assertThat(given().accept("text/plain").get(WEB).asString())
                .containsPattern("(?m)^cpu +[0-9.]+ % of a core, .* in all$")
                .containsPattern("(?m)^memory +[0-9.]+ [KM]B$")
                .containsPattern("(?m)^threads +2 in 2 processes$")
                .containsPattern("(?m)^throughput +at least 0 B/s in, 0 B/s out, .* 0 connections$");
    }

    @Test
    void measuringChangesNoVersion() {
        declare("[\"sleep\", \"1000\"]");
        measured();
        // It runs and does not listen, which is told after a while; until then nothing of it changes.
        String version = given().get(WEB).jsonPath().getString("metadata.resourceVersion");
        String first = given().get(WEB).jsonPath().getString("status.usage.sampledAt");
        await().atMost(PATIENCE)
                .until(() -> !given().get(WEB)
                        .jsonPath()
                        .getString("status.usage.sampledAt")
                        .equals(first));

        given().get(WEB)
                .then()
                .header("ETag", equalTo("\"" + version + "\""))
                .body("metadata.resourceVersion", equalTo(version));
    }

    @Test
    void listsShowItWhenAsked() {
        declare("[\"sleep\", \"1000\"]");
        measured();

        given().get(SERVICES).then().body("items[0].status.usage", nullValue());
        given().get(SERVICES + "?usage=true").then().body("items[0].status.usage.memoryBytes", greaterThan(0));
        assertThat(given().accept("text/plain").get(SERVICES + "?usage").asString())
                .contains("CPU", "MEMORY")
                .containsPattern("web +\\w+ +" + port + " .* [KM]B ");
        given().get(SERVICES + "?usage=maybe").then().statusCode(422);
    }

    @Test
    void aServiceThatRunsNothingShowsNothing() {
        given().contentType(ContentType.JSON)
                .body("{\"port\": %d, \"running\": false, \"command\": [\"sleep\", \"1000\"]}".formatted(port))
                .put(WEB)
                .then()
                .statusCode(201);

        given().get(WEB).then().statusCode(200).body("status.usage", nullValue());
    }
}
