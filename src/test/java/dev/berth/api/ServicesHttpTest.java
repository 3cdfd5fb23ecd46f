package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Declaring services over HTTP, as a client sees it. */
@QuarkusTest
class ServicesHttpTest {
    private static final String NAMESPACE = "/namespaces/http-test/services";
    private static final String BACKEND = NAMESPACE + "/backend";

    /** Some of so many meet at the wrong moment: without turns this fails. */
    private static final int ROUNDS_OF_CIRCLES = 20;

    private int port;

    @BeforeAll
    static void textBodies() {
        RestAssured.config = RestAssured.config()
                .encoderConfig(EncoderConfig.encoderConfig()
                        .encodeContentTypeAs("application/yaml", ContentType.TEXT)
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false));
    }

    @BeforeEach
    void freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void remove() {
        given().get(NAMESPACE)
                .jsonPath()
                .getList("items.metadata.name", String.class)
                .forEach(name -> given().delete(NAMESPACE + "/" + name));
    }

    @Test
    void putCreatesChangesAndLeavesAlone() {
        Response made = json("{\"port\": %d}".formatted(port)).put(BACKEND);
        made.then()
                .statusCode(201)
                .header("Location", BACKEND)
                .header("ETag", matchesPattern("\"\\d+\""))
                .body("apiVersion", equalTo("berth.dev/v1"))
                .body("kind", equalTo("Service"))
                .body("metadata.name", equalTo("backend"))
                .body("metadata.namespace", equalTo("http-test"))
                .body("metadata.generation", equalTo(1))
                .body("metadata.owner", hasKey("uid"))
                .body("metadata.creationTimestamp", matchesPattern("\\d{4}-.*Z"))
                .body("spec.port", equalTo(port))
                .body("spec.gracePeriod", equalTo("10s"))
                .body("status", hasKey("state"));
        String uid = made.path("metadata.uid");

        json("{\"port\": %d}".formatted(port))
                .put(BACKEND)
                .then()
                .statusCode(200)
                .body("metadata.generation", equalTo(1));
        json("{\"port\": %d, \"critical\": true}".formatted(port))
                .put(BACKEND)
                .then()
                .statusCode(200)
                .body("metadata.uid", equalTo(uid))
                .body("metadata.generation", equalTo(2))
                .body("spec.critical", equalTo(true));
    }

    @Test
    void whatWasReadCanBeSentBack() {
        json("{\"port\": %d, \"labels\": {\"tier\": \"web\"}}".formatted(port)).put(BACKEND);
        Response read = given().get(BACKEND);
        Response again =
                json(read.asString()).header("If-Match", read.header("ETag")).put(BACKEND);
        if (again.statusCode() == 412) {
            // The loop wrote the status in between; the second reading is of a settled service.
            read = given().get(BACKEND);
            again = json(read.asString()).put(BACKEND);
        }
        again.then()
                .statusCode(200)
                .body("metadata.generation", equalTo(1))
                .body("metadata.labels", hasEntry("tier", "web"));
    }

    @Test
    void staleVersionsAreRefused() {
        json("{\"port\": %d}".formatted(port)).put(BACKEND);
        json("{}")
                .header("If-Match", "\"999999\"")
                .put(BACKEND)
                .then()
                .statusCode(412)
                .contentType("application/problem+json");
        json("{}").header("If-Match", "\"999999\"").patch(BACKEND).then().statusCode(412);
        given().header("If-Match", "\"999999\"").delete(BACKEND).then().statusCode(412);
        json("{}").header("If-Match", "*").put(NAMESPACE + "/nobody").then().statusCode(412);
        given().get(BACKEND).then().body("spec.port", equalTo(port));
    }

    @Test
    void patchMergesIntoTheSpec() {
        json("{\"port\": %d, \"alternativePorts\": [1111], \"labels\": {\"a\": \"b\"}}".formatted(port))
                .put(BACKEND);
        given().contentType("application/merge-patch+json")
                .body("{\"alternative_ports\": null, \"critical\": true}")
                .patch(BACKEND)
                .then()
                .statusCode(200)
                .body("spec.port", equalTo(port))
                .body("spec.critical", equalTo(true))
                .body("spec", not(hasKey("alternativePorts")))
                .body("metadata.labels", hasEntry("a", "b"));
        given().contentType("application/yaml")
                .body("metadata: {labels: {a: null, c: d}}")
                .patch(BACKEND)
                .then()
                .statusCode(200)
                .body("metadata.labels", not(hasKey("a")))
                .body("metadata.labels", hasEntry("c", "d"));
        json("{\"port\": 0}").patch(BACKEND).then().statusCode(422).body("errors[0].field", equalTo("spec.port"));
        json("{}").patch(NAMESPACE + "/nobody").then().statusCode(404);
    }

    @Test
    void aDryRunTellsThePlanAndWritesNothing() {
        String before = resourceVersion();
        json("{\"port\": %d}".formatted(port))
                .put(BACKEND + "?dryRun=true")
                .then()
                .statusCode(200)
                .body("kind", equalTo("Plan"))
                .body("actions[0].action", equalTo("CreateService"))
                .body("actions.action", hasItem("AssignPort"))
                .body("actions", everyItem(hasKey("target")))
                .body("actions", everyItem(hasKey("reason")))
                .body("actions", everyItem(hasKey("detail")));
        given().get(BACKEND).then().statusCode(404);
        assertThat(resourceVersion()).isEqualTo(before);
    }

    @Test
    void aDryRunThatIsMisspeltIsNoRealRun() {
        json("{\"port\": %d}".formatted(port))
                .put(BACKEND + "?dryrun=true")
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("dryrun"));
        given().get(BACKEND).then().statusCode(404);
    }

    @Test
    void deleteRemoves() {
        json("{\"port\": %d}".formatted(port)).put(BACKEND);
        given().delete(BACKEND + "?dryRun=true")
                .then()
                .statusCode(200)
                .body("actions[0].action", equalTo("DeleteService"));
        int status = given().delete(BACKEND).statusCode();
        assertThat(status).isIn(200, 202);
        given().delete(NAMESPACE + "/nobody").then().statusCode(404);
    }

    @Test
    void stopAndStartSetRunning() {
        json("{\"port\": %d}".formatted(port)).put(BACKEND);
        given().post(BACKEND + "/stop").then().statusCode(202).body("spec.running", equalTo(false));
        given().post(BACKEND + "/start").then().statusCode(202).body("spec.running", equalTo(true));
        given().post(BACKEND + "/restart").then().statusCode(409).body("detail", containsString("no command"));
        given().post(NAMESPACE + "/nobody/stop").then().statusCode(404);
    }

    @Test
    void listsChooseAndContinue() {
        for (String name : new String[] {"c", "a", "b"}) {
            json("{\"port\": %d, \"labels\": {\"name\": \"%s\"}}".formatted(port, name))
                    .put(NAMESPACE + "/" + name);
        }
        Response first = given().queryParam("limit", 2).get(NAMESPACE);
        first.then()
                .statusCode(200)
                .body("kind", equalTo("ServiceList"))
                .body("items.metadata.name", equalTo(List.of("a", "b")))
                .body("metadata", hasKey("resourceVersion"));
        String next = first.path("metadata.continue");
        given().accept("text/plain")
                .queryParam("limit", 2)
                .get(NAMESPACE)
                .then()
                .body(endsWith("There are more: --continue " + next + " (?continue=" + next + ")\n"));
        given().queryParam("continue", next)
                .get(NAMESPACE)
                .then()
                .body("items.metadata.name", equalTo(List.of("c")))
                .body("metadata", not(hasKey("continue")));
        given().queryParam("labelSelector", "name in (a, c),name!=c")
                .get(NAMESPACE)
                .then()
                .body("items.metadata.name", equalTo(List.of("a")));
        given().get("/namespaces/nobody/services").then().statusCode(200).body("items", empty());
    }

    @Test
    void peopleGetTablesAndYaml() {
        given().contentType("application/yaml")
                .accept("text/plain")
                .body("port: " + port)
                .put(BACKEND)
                .then()
                .statusCode(201)
                .contentType(ContentType.TEXT)
                .body(containsString("http-test/backend"));
        given().accept("text/plain")
                .get(NAMESPACE)
                .then()
                .body(startsWith("NAME"))
                .body(containsString("backend"));
        given().accept("application/yaml")
                .get(BACKEND)
                .then()
                .contentType(startsWith("application/yaml"))
                .body(startsWith("apiVersion: berth.dev/v1\nkind: Service\n"))
                .body(containsString("\n  port: " + port + "\n"));
        given().accept("text/html,application/xhtml+xml,*/*;q=0.8")
                .get(BACKEND)
                .then()
                .contentType(ContentType.JSON);
    }

    @Test
    void applyDeclaresAllOrNothing() {
        String before = resourceVersion();
        given().contentType("application/yaml")
                .body("services:\n  ok: {port: 1}\n  bad: {port: 0}\n")
                .post("/apply")
                .then()
                .statusCode(422)
                .body("errors", hasSize(1))
                .body("errors[0].field", equalTo("services.bad.port"))
                .body("errors[0].message", containsString("line 3"));
        assertThat(resourceVersion()).isEqualTo(before);

        String file =
                "kind: Service\nmetadata: {name: %s, namespace: http-test}\nspec: {port: %d, workingDirectory: web}\n";
        given().contentType("application/yaml")
                .body(file.formatted("one", port) + "---\n" + file.formatted("two", port))
                .post("/apply?base=/srv&dryRun=true")
                .then()
                .statusCode(200)
                .body("kind", equalTo("Plan"));
        given().contentType("application/yaml")
                .body(file.formatted("one", port) + "---\n" + file.formatted("two", port))
                .post("/apply?base=/srv")
                .then()
                .statusCode(200)
                .body("services.change", everyItem(equalTo("Created")));
        given().get(NAMESPACE + "/one").then().body("spec.workingDirectory", equalTo("/srv/web"));
    }

    static String resourceVersion() {
        return given().get("/services?limit=1").path("metadata.resourceVersion");
    }

    private static RequestSpecification json(String body) {
        return given().contentType(ContentType.JSON).body(body);
    }

    @Test
    void twoDeclarationsAtTheSameMomentCloseNoCircle() {
        for (int round = 0; round < ROUNDS_OF_CIRCLES; round++) {
            String one = "one" + round;
            String other = "other" + round;
            CyclicBarrier together = new CyclicBarrier(2);
            CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> dependOn(one, other, together));
            CompletableFuture<Integer> second = CompletableFuture.supplyAsync(() -> dependOn(other, one, together));

            assertThat(List.of(first.join(), second.join())).containsExactlyInAnyOrder(201, 422);
        }
    }

    private static int dependOn(String name, String dependency, CyclicBarrier together) {
        try {
            together.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException("the other one did not come", e);
        }
        return given().contentType("application/yaml")
                .body("{command: 'true', running: false, dependsOn: [" + dependency + "]}")
                .put(NAMESPACE + "/" + name)
                .statusCode();
    }
}
