package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.berth.testing.FreePorts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Services with replicas, as a client sees them. */
@QuarkusTest
class ReplicasHttpTest {
    private static final String SERVICES = "/namespaces/replicas-test/services";
    private static final String WEB = SERVICES + "/web";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<Integer> ports = FreePorts.take(3);

    @BeforeAll
    static void textBodies() {
        ServicesHttpTest.textBodies();
    }

    @AfterEach
    void remove() {
        given().delete(WEB);
        Awaitility.await("it is deleted")
                .atMost(PATIENCE)
                .until(() -> given().get(WEB).statusCode() == 404);
    }

    /** Ready as soon as its check passes: it need not listen. */
    private ValidatableResponse put(int replicas, String query) {
        return given().contentType(ContentType.JSON)
                .body("""
                        {"port": %d, "alternativePorts": [%d, %d], "replicas": %d, "command": "exec sleep 1000",
                         "gracePeriod": "2s", "healthCheck": {"command": "true", "interval": "100ms"}}""".formatted(ports.get(0), ports.get(1), ports.get(2), replicas))
                .put(WEB + query)
                .then();
    }

    @Test
    void whoDeletesWhatStillRunsIsToldThatItIsOnItsWay() {
        put(1, "").statusCode(201);
        awaitInstances(1);
        String answer = given().accept(ContentType.TEXT)
                .delete(WEB)
                .then()
                .statusCode(202)
                .extract()
                .asString();
        assertThat(answer).containsPattern("deleted +since .*; it is gone when nothing of it runs any more");
    }

    private static JsonPath awaitInstances(int count) {
        Awaitility.await(count + " run").atMost(PATIENCE).until(() -> {
            JsonPath status = given().get(WEB).jsonPath();
            return status.getList("status.instances").size() == count
                    && status.getString("status.state").equals("Running");
        });
        return given().get(WEB).jsonPath();
    }

    @Test
    void theObjectHasAllInstancesAndTheListsHaveOneService() {
        put(3, "").statusCode(201).body("spec.replicas", equalTo(3));
        JsonPath web = awaitInstances(3);
        assertThat(web.getList("status.instances.port", Integer.class)).isEqualTo(ports);
        assertThat(web.getList("status.instances.pid", Long.class)).hasSize(3).doesNotHaveDuplicates();
        assertThat(web.getList("status.instances.state", String.class)).containsOnly("Running");
        assertThat(web.getInt("status.port")).isEqualTo(web.getInt("status.instances[0].port"));
        assertThat(web.getLong("status.pid")).isEqualTo(web.getLong("status.instances[0].pid"));
        assertThat(web.getString("status.conditions.find { it.type == 'Ready' }.message"))
                .startsWith("3 of 3 ready");

        given().get(SERVICES).then().body("items", hasSize(1)).body("items[0].status.instances", hasSize(3));
        given().accept("text/plain").get(SERVICES).then().body(not(containsString("web.1")));
        given().accept("text/plain").get(WEB).then().body(containsString("web.2"));
        given().get("/ports/" + ports.get(1)).then().body("services.service", hasItem("replicas-test/web.1"));
        given().get("/audit?service=replicas-test/web.2").then().body("items.action", hasItem("PortAssigned"));
        given().accept("application/json")
                .get(WEB + "/env")
                .then()
                .body("WEB_PORT", equalTo(Integer.toString(ports.get(0))))
                .body("WEB_PORTS", equalTo("%d,%d,%d".formatted(ports.toArray())));

        given().get(WEB + ".1").then().statusCode(200).body("metadata.name", equalTo("web.1"));
        given().get(WEB + ".1/logs").then().statusCode(200);
        given().delete(WEB + ".1").then().statusCode(404);
        given().post(WEB + ".1/restart").then().statusCode(404);
        given().contentType(ContentType.JSON).body("{}").put(WEB + ".1").then().statusCode(422);
        given().contentType(ContentType.JSON)
                .body("{}")
                .patch(WEB + ".1")
                .then()
                .statusCode(404);

        put(1, "?dryRun=true")
                .statusCode(200)
                .body(
                        "actions.findAll { it.action == 'DeleteService' }.target",
                        contains("Service replicas-test/web.1", "Service replicas-test/web.2"));
        put(1, "").statusCode(200);
        assertThat(awaitInstances(1).getLong("status.pid")).isEqualTo(web.getLong("status.pid"));
    }

    @Test
    void aServiceThatIsOnlyWatchedHasNone() {
        given().contentType(ContentType.JSON)
                .body("{\"port\": %d, \"replicas\": 2}".formatted(ports.get(0)))
                .put(WEB)
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("replicas"))
                .body("errors[0].message", containsString("give it a command"));
        given().contentType(ContentType.JSON)
                .body("{\"port\": %d}".formatted(ports.get(0)))
                .put(WEB)
                .then()
                .statusCode(201)
                .body("status.instances", nullValue());
    }
}
