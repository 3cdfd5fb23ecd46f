package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.berth.testing.Children;
import dev.berth.testing.FreePorts;
import dev.berth.testing.Tools;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A secret on a holder's command line or in a declaration is in no answer but the one to its owner. */
@QuarkusTest
class SecretsHttpTest {
    private static final String LISTEN = "import socket, sys, signal; s = socket.socket(); s.bind(('127.0.0.1',"
            + " int(sys.argv[1]))); s.listen(); print('ready', flush=True); signal.pause()";
    private static final String SECRET = "hunter2-9f3a7c";

    private final Children children = new Children();

    @AfterEach
    void tidyUp() {
        children.close();
        given().delete("/services/hidden");
    }

    @Test
    void aSecretIsInNoAnswerButItsOwners() {
        Tools.require("python3");
        int port = FreePorts.take();
        children.startReady(List.of("python3", "-c", LISTEN, Integer.toString(port), "--password", SECRET));
        given().contentType(ContentType.JSON)
                .body("{\"port\": %d, \"strategy\": \"conservative\", \"environment\": {\"DB_PASSWORD\": \"%s\"}}"
                        .formatted(port, SECRET))
                .put("/services/hidden")
                .then()
                .statusCode(201);
        Awaitility.await()
                .until(() -> !given().get("/conflicts?service=hidden")
                        .jsonPath()
                        .getList("items")
                        .isEmpty());
        for (String address : List.of(
                "/ports",
                "/ports?all=true",
                "/ports/" + port,
                "/conflicts",
                "/conflicts?service=hidden",
                "/audit?limit=500",
                "/reports/ports",
                "/reports/conflicts")) {
            for (String type : List.of("application/json", "text/plain", "application/yaml")) {
                String answer = given().accept(type).get(address).asString();
                assertThat(answer).as(address + " as " + type).doesNotContain(SECRET);
            }
        }
        assertThat(given().get("/ports/" + port).asString()).contains("--password ***");
        given().get("/services/hidden").then().body("spec.environment.DB_PASSWORD", equalTo(SECRET));
    }

    @Test
    void aRefusalDoesNotRepeatASecret() {
        String answer = given().contentType(ContentType.JSON)
                .body("{\"port\": 0, \"environment\": {\"DB_PASSWORD\": \"%s\\u0007\"}, \"token\": \"%s\"}"
                        .formatted(SECRET, SECRET))
                .put("/services/hidden")
                .then()
                .statusCode(422)
                .extract()
                .asString();
        assertThat(answer).contains("\"port\"").doesNotContain(SECRET);
    }
}
