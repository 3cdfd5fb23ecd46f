package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.berth.testing.Children;
import dev.berth.testing.FreePorts;
import dev.berth.testing.Tools;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What must be confirmed waits for a person, and who that was is written down. */
@QuarkusTest
class ApprovalHttpTest {
    private static final String LISTEN = "import socket, sys, signal; s = socket.socket(); s.bind(('127.0.0.1',"
            + " int(sys.argv[1]))); s.listen(); print('ready', flush=True); signal.pause()";

    private final Children children = new Children();

    @AfterEach
    void tidyUp() {
        children.close();
        given().delete("/services/approved");
        given().contentType(ContentType.JSON).body("{\"confirm\": null}").patch("/settings");
    }

    @Test
    void whatMustBeConfirmedWaitsAndIsDoneForWhoWasShown() {
        Tools.require("python3");
        given().contentType(ContentType.JSON)
                .body("{\"confirm\": [\"terminate\"]}")
                .patch("/settings")
                .then()
                .statusCode(200);
        int port = FreePorts.take();
        Process holder = children.startReady(List.of("python3", "-c", LISTEN, Integer.toString(port)))
                .process();
        given().contentType(ContentType.JSON)
                .body("{\"port\": %d, \"strategy\": \"aggressive\", \"gracePeriod\": \"1s\"}".formatted(port))
                .put("/services/approved")
                .then()
                .statusCode(201);
        String waiting = "/conflicts?service=approved&state=AwaitingApproval";
        Awaitility.await()
                .until(() -> given().get(waiting).jsonPath().getList("items").size() == 1);
        String id = given().get(waiting).jsonPath().getString("items[0].id");
        String version = given().get(waiting).jsonPath().getString("items[0].resourceVersion");
        given().get("/conflicts/" + id)
                .then()
                .body("holder.pid", equalTo((int) holder.pid()))
                .body("actions.action", hasItem("ApprovalAsked"));

        // Somebody who saw another version decides about something else.
        given().header("If-Match", "\"1\"")
                .post("/conflicts/" + id + "/approve")
                .then()
                .statusCode(412)
                .body("detail", containsString("terminate"));
        assertThat(holder.isAlive()).isTrue();

        given().header("If-Match", '"' + version + '"')
                .post("/conflicts/" + id + "/approve")
                .then()
                .statusCode(200);
        Awaitility.await().until(() -> !holder.isAlive());
        Awaitility.await()
                .until(() -> given().get("/conflicts/" + id)
                        .jsonPath()
                        .getString("state")
                        .equals("Resolved"));
        for (String late : List.of("approve", "dismiss")) {
            given().post("/conflicts/" + id + "/" + late)
                    .then()
                    .statusCode(409)
                    .body("detail", equalTo("the conflict is Resolved already"));
        }
        given().get("/audit?action=ConflictApproved&limit=1")
                .then()
                .body("items[0].conflict", equalTo(id))
                .body("items[0].actor.kind", equalTo("user"))
                .body("items[0].actor.name", equalTo(System.getProperty("user.name")));
    }
}
