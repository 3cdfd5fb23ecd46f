package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.berth.control.UsageHistory;
import dev.berth.testing.FreePorts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was measured over time, as it is told: of a real process. */
@QuarkusTest
class MeasurementsHttpTest {
    private static final String WEB = "/namespaces/measurements-test/services/web";
    private static final String MEASUREMENTS = WEB + "/measurements";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    UsageHistory history;

    @BeforeAll
    static void textBodies() {
        ServicesHttpTest.textBodies();
    }

    @AfterEach
    void remove() {
        given().delete(WEB);
        await().atMost(PATIENCE).until(() -> given().get(WEB).statusCode() == 404);
    }

    private static JsonPath measured() {
        await().atMost(PATIENCE).until(() -> {
            // Somebody who looks makes a look.
            given().get(WEB);
            return given().get(MEASUREMENTS).jsonPath().get("series.cpu") != null;
        });
        return given().get(MEASUREMENTS).jsonPath();
    }

    @Test
    void aServiceShowsWhatItUsedOverTimeAlsoAfterItIsGone() {
        given().contentType(ContentType.JSON)
                .body("{\"port\": %d, \"command\": [\"sleep\", \"1000\"]}".formatted(FreePorts.take()))
                .put(WEB)
                .then()
                .statusCode(201);
        JsonPath shown = measured();
        int points = shown.getInt("points");
        assertThat(points).isBetween(240, 242);
        assertThat(shown.getString("step")).isEqualTo("15s");
        assertThat(shown.getString("series.memory.unit")).isEqualTo("bytes");
        for (String array : List.of("min", "mean", "max")) {
            List<Float> memory = shown.getList("series.memory." + array);
            assertThat(memory).hasSize(points);
            assertThat(memory.stream().filter(Objects::nonNull)).isNotEmpty().allMatch(each -> each > 100_000);
        }
        assertThat(shown.getList("series.up.max").stream().filter(Objects::nonNull))
                .isNotEmpty();
        given().accept("text/plain")
                .get(MEASUREMENTS)
                .then()
                .statusCode(200)
                .body(containsString("measurements-test/web, by 15s"), containsString("MEMORY"));
        given().accept("application/yaml")
                .get(MEASUREMENTS)
                .then()
                .statusCode(200)
                .body(containsString("series:"));

        history.close();
        remove();
        given().get(MEASUREMENTS + "?since=30m&step=5m")
                .then()
                .statusCode(200)
                .body("step", equalTo("5m"), "service", equalTo("measurements-test/web"));
        assertThat(given().get(MEASUREMENTS + "?since=30m&step=5m").jsonPath().getList("series.memory.mean"))
                .anyMatch(Objects::nonNull);
    }

    @Test
    void stepsAreNeverFinerThanWhatIsKept() {
        given().contentType(ContentType.JSON)
                .body("{\"port\": %d}".formatted(FreePorts.take()))
                .put(WEB)
                .then()
                .statusCode(201);
        given().get(MEASUREMENTS + "?since=7d&step=15s").then().statusCode(200).body("step", equalTo("15m"));
        given().get(MEASUREMENTS + "?since=12h&step=15s").then().statusCode(200).body("step", equalTo("1m"));
        given().get(MEASUREMENTS + "?since=0000-01-01T00:00:00Z&until=2999-01-01T00:00:00Z")
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"step=20s", "step=0s", "since=yesterday", "since=1m&until=2m", "since=30d&step=15m", "stpe=1m"})
    void whatCannotBeAnsweredIsRefused(String query) {
        given().get(MEASUREMENTS + "?" + query).then().statusCode(422);
    }

    @Test
    void thereIsNothingOfAServiceThatNeverWas() {
        given().get("/services/never-was/measurements").then().statusCode(404);
        given().get("/services/NEVER/measurements").then().statusCode(404);
    }
}
