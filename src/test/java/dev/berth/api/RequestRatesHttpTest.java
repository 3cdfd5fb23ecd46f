package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import dev.berth.testing.FreePorts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much of Berth a runaway program gets that is no administrator, as one with a token of scope manage. */
@QuarkusTest
class RequestRatesHttpTest {
    private static final int RATE = 10;

    private String token = "";

    @BeforeAll
    static void textBodies() {
        ServicesHttpTest.textBodies();
    }

    @BeforeEach
    void makeToken() {
        token = given().contentType(ContentType.JSON)
                .body(Map.of("name", "runaway", "scope", "manage"))
                .post("/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
    }

    @AfterEach
    void tidy() {
        set("limits.requestRate", "null");
        set("limits.services", "null");
        given().delete("/tokens/runaway");
        given().delete("/namespaces/quota/services/one");
        given().delete("/namespaces/quota/services/two");
    }

    private static void set(String name, String value) {
        given().contentType("application/merge-patch+json")
                .body("{\"" + name + "\": " + value + "}")
                .patch("/settings")
                .then()
                .statusCode(200);
    }

    private RequestSpecification runaway() {
        return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
    }

    private Response declare(String name, int replicas) {
        return runaway()
                .body(Map.of("port", FreePorts.take(), "command", "sleep 600", "running", false, "replicas", replicas))
                .put("/namespaces/quota/services/" + name);
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeAgainAndNothingOfItIsDone() {
        set("limits.requestRate", Integer.toString(RATE));
        int letIn = 0;
        // More than come again while they are counted, on however slow a machine.
        while (letIn < 100_000 && runaway().get("/services").statusCode() == 200) {
            letIn++;
        }
        assertThat(letIn).isGreaterThanOrEqualTo((int) RequestRates.BURST.toSeconds() * RATE);
        Response refused = declare("one", 1);
        refused.then().statusCode(429).body("detail", containsString("limits.requestRate"));
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 11);
        given().get("/namespaces/quota/services/one").then().statusCode(404);
        given().header("Authorization", "Bearer " + token)
                .get("/q/health/live")
                .then()
                .statusCode(200);
    }

    @Test
    void whoDeclaresTooMuchIsToldWhatTheyHave() {
        declare("one", 1).then().statusCode(201);
        set("limits.services", "1");
        declare("two", 1).then().statusCode(403).body("detail", containsString("limits.services"));
        given().get("/namespaces/quota/services/two").then().statusCode(404);
        declare("one", 2).then().statusCode(403);
        declare("one", 1).then().statusCode(200);
        runaway()
                .body(Map.of(
                        "kind", "Service",
                        "metadata", Map.of("name", "two", "namespace", "quota"),
                        "spec", Map.of("port", FreePorts.take())))
                .post("/apply")
                .then()
                .statusCode(403)
                .body("detail", containsString("limits.services"));
        set("limits.services", "null");
        declare("two", 1).then().statusCode(201);
    }
}
