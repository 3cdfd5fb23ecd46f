package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.berth.testing.FreePorts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is told of a start before it happens: the ports, and what is missing. */
@QuarkusTest
class LaunchHttpTest {
    private static final String NAMESPACE = "/namespaces/launch-test/services/";

    private final List<Integer> ports = FreePorts.take(2);

    @BeforeAll
    static void textBodies() {
        ServicesHttpTest.textBodies();
    }

    @AfterEach
    void remove() {
        for (String name : List.of("web", "database")) {
            given().delete(NAMESPACE + name);
        }
    }

    @Test
    void theToldPortsAreLinesOfAnEnvFile() {
        put("database", "{\"port\": %d, \"host\": \"::1\"}".formatted(ports.get(0)));
        put(
                "web",
                "{\"port\": %d, \"dependsOn\": [\"database\", \"absent\"], \"environment\": {\"SECRET\": \"hunter2\"}}"
                        .formatted(ports.get(1)));
        String lines = """
                PORT=%2$d
                WEB_PORT=%2$d
                WEB_HOST=127.0.0.1
                WEB_URL=http://127.0.0.1:%2$d
                DATABASE_PORT=%1$d
                DATABASE_HOST=::1
                DATABASE_URL=http://[::1]:%1$d
                # absent has no port yet
                """.formatted(ports.get(0), ports.get(1));
        for (String accept : List.of("*/*", "text/plain")) {
            given().accept(accept)
                    .get(NAMESPACE + "web/env")
                    .then()
                    .statusCode(200)
                    .contentType(ContentType.TEXT)
                    .body(equalTo(lines));
        }
    }

    @Test
    void orAnObjectWithTheSame() {
        put("web", "{\"port\": %d}".formatted(ports.get(0)));
        given().accept("application/json")
                .get(NAMESPACE + "web/env")
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .body("", aMapWithSize(4))
                .body("PORT", equalTo(Integer.toString(ports.get(0))))
                .body("WEB_URL", equalTo("http://127.0.0.1:" + ports.get(0)));
        given().accept("application/yaml")
                .get(NAMESPACE + "web/env")
                .then()
                .contentType(startsWith("application/yaml"))
                .body(startsWith("PORT: \"" + ports.get(0) + "\"\n"));
    }

    @Test
    void envOfNobodyAndOfWrongAddressesIsAClientError() {
        given().get(NAMESPACE + "nobody/env").then().statusCode(404);
        given().get(NAMESPACE + "No_Name/env").then().statusCode(404);
        given().get("/services/nobody/env").then().statusCode(404);
        put("web", "{\"port\": %d}".formatted(ports.get(0)));
        given().get(NAMESPACE + "web/env?format=json").then().statusCode(422);
        given().accept("image/png").get(NAMESPACE + "web/env").then().statusCode(406);
        given().get(NAMESPACE + "web").then().statusCode(200).body("kind", equalTo("Service"));
    }

    @Test
    void whatIsMissingForAStartIsAWarningAndNoRefusal() {
        // Stopped, so that nothing is tried.
        String spec = """
                {"port": %d, "running": false, "command": ["no-such-program", "{services.gone.port}"],
                 "workingDirectory": "/no/\\u00e4 \\"where\\""}""".formatted(ports.get(0));
        given().contentType(ContentType.JSON)
                .body(spec)
                .put(NAMESPACE + "web?dryRun=true")
                .then()
                .statusCode(200)
                .body("warnings", hasSize(3))
                .body("warnings", hasItem(startsWith("command: command not found: \"no-such-program\"")))
                .body(
                        "warnings",
                        hasItem("command[1]: command[1] names the port of service gone, which is not declared"))
                .body(
                        "warnings",
                        hasItem("workingDirectory: the working directory /no/\u00e4 \"where\" does not exist"));
        Response made = put("web", spec);
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.headers().getValues("Warning"))
                .hasSize(3)
                .contains("299 berth \"workingDirectory: the working directory /no/? \\\"where\\\" does not exist\"");
        given().contentType("application/merge-patch+json")
                .body("{\"command\": \"true\", \"workingDirectory\": \"/\"}")
                .patch(NAMESPACE + "web")
                .then()
                .statusCode(200)
                .header("Warning", nullValue());
    }

    @Test
    void aFileIsToldWhatEachServiceLacksAndKnowsItsOwnServices() {
        String file = """
                kind: Service
                metadata: {name: web, namespace: launch-test}
                spec: {port: %d, running: false, command: 'sh -c {services.database.port}', workingDirectory: nowhere}
                ---
                kind: Service
                metadata: {name: database, namespace: launch-test}
                spec: {port: %d, running: false, command: ./missing}
                """.formatted(ports.get(0), ports.get(1));
        for (String query : List.of("?base=/usr&dryRun=true", "?base=/usr")) {
            Response answer = given().contentType("application/yaml").body(file).post("/apply" + query);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.asString())
                    .contains("services.web.workingDirectory", "the working directory /usr/nowhere does not exist")
                    .contains("services.database.command", "command not found: /usr/missing does not exist");
            answer.then().body("warnings", hasSize(2));
        }
        given().contentType("application/yaml")
                .accept("text/plain")
                .body(file)
                .post("/apply?base=/usr")
                .then()
                .body(containsString(
                        "warning: services.database.command: command not found: /usr/missing does not exist\n"));
    }

    @Test
    void aServiceThatIsOnlyObservedLacksNothing() {
        Response made = put("web", "{\"port\": %d, \"workingDirectory\": \"/no/where\"}".formatted(ports.get(0)));
        assertThat(made.headers().getValues("Warning")).isEmpty();
    }

    @Test
    void aLongListOfWarningsIsCutInHeadersOnly() {
        String low = "{\"alternativePorts\": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], \"port\": %d}".formatted(ports.get(0));
        assertThat(put("web", low).headers().getValues("Warning"))
                .hasSize(8)
                .last()
                .asString()
                .contains("and 3 more");
        given().contentType(ContentType.JSON)
                .body(low)
                .put(NAMESPACE + "web?dryRun=true")
                .then()
                .body("warnings", hasSize(10));
    }

    @Test
    void misspeltTemplatesAreRefused() {
        given().contentType(ContentType.JSON)
                .body("{\"command\": \"serve {services.database.prt}\"}")
                .put(NAMESPACE + "web")
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("command"))
                .body("errors[0].given", equalTo("{services.database.prt}"))
                .body("errors[0].message", containsString("{services.NAME.port}"));
        given().get(NAMESPACE + "web").then().statusCode(404);
    }

    private static Response put(String name, String body) {
        return given().contentType(ContentType.JSON).body(body).put(NAMESPACE + name);
    }
}
