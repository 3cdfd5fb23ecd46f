package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import dev.berth.testing.FreePorts;
import dev.berth.testing.Tools;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line asks for beside the objects: many services at once, short answers, everything at a glance. */
@QuarkusTest
class OverviewHttpTest {
    private static final String NAMESPACE = "overview-test";
    private static final String SERVICES = "/namespaces/" + NAMESPACE + "/services";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LISTENS =
            "[\"python3\", \"-m\", \"http.server\", \"--bind\", \"127.0.0.1\", \"{port}\"]";

    private final List<Integer> ports = FreePorts.take(2);

    @BeforeAll
    static void textBodies() {
        ServicesHttpTest.textBodies();
    }

    @AfterEach
    void remove() {
        for (String name : List.of("api", "web")) {
            given().delete(SERVICES + "/" + name);
            await().atMost(PATIENCE)
                    .until(() -> given().get(SERVICES + "/" + name).statusCode() == 404);
        }
    }

    private void declare(String name, int port, String rest) {
        given().contentType(ContentType.JSON)
                .body("{\"port\": %d, \"running\": false, %s}".formatted(port, rest))
                .put(SERVICES + "/" + name)
                .then()
                .statusCode(201);
    }

    private void declareBoth() {
        Tools.require("python3");
        declare("web", ports.get(0), "\"command\": " + LISTENS);
        declare("api", ports.get(1), "\"dependsOn\": [\"web\"], \"command\": " + LISTENS);
    }

    private static Response ask(String verb, String query) {
        return given().accept("text/plain").post(SERVICES + "/" + verb + "?" + query);
    }

    @Test
    void allAreStartedAndStoppedInOneCallThatWaits() {
        declareBoth();

        ask("start", "wait=60s").then().statusCode(200).body(containsString("Running"));

        given().get(SERVICES + "/api").then().body("status.state", equalTo("Running"));
        given().get(SERVICES + "/web/health").then().statusCode(200).body("healthy", equalTo(true));
        given().get("/health?namespace=" + NAMESPACE)
                .then()
                .statusCode(200)
                .body("items.service", hasItems(NAMESPACE + "/api", NAMESPACE + "/web"));
        String first = given().get(SERVICES + "/web").jsonPath().getString("status.pid");

        ask("restart", "names=web&force=true&wait=60s").then().statusCode(200);

        assertThat(given().get(SERVICES + "/web").jsonPath().getString("status.pid"))
                .isNotNull()
                .isNotEqualTo(first);

        ask("stop", "wait=60s").then().statusCode(200).body(containsString("Stopped"));

        assertThat(given().get(SERVICES).jsonPath().getList("items.status.pid")).containsOnlyNulls();
        // What is kept stopped is as wanted, and not healthy.
        given().get("/health?namespace=" + NAMESPACE).then().statusCode(200);
        given().get(SERVICES + "/web/health").then().statusCode(503);
    }

    @Test
    void whatAServiceDependsOnIsStartedWithIt() {
        declareBoth();

        ask("start", "names=api&wait=60s").then().statusCode(200).body(containsString("web"));

        given().get(SERVICES + "/web").then().body("status.state", equalTo("Running"));
        // And is not stopped with it.
        ask("stop", "names=api&wait=60s").then().statusCode(200);
        given().get(SERVICES + "/web").then().body("status.state", equalTo("Running"));
    }

    @Test
    void theCallSaysWhyOneDoesNotRun() {
        declare("web", ports.get(0), "\"maxRestarts\": 0, \"command\": [\"/no/such/program\"]");

        ask("start", "names=web&wait=60s")
                .then()
                .statusCode(409)
                .body(containsString("web is failed"))
                .body(containsString("/no/such/program"));
        given().get("/health?namespace=" + NAMESPACE).then().statusCode(503);
        for (String again : List.of("start", "restart")) {
            ask(again, "names=web&wait=60s")
                    .then()
                    .statusCode(409)
                    .body(containsString("/no/such/program"))
                    .body(not(containsString("of waiting")));
        }
        ask("stop", "names=web&wait=10s").then().statusCode(200).body(containsString("Stopped"));
    }

    /** The pass that gives it its port may start it at once. */
    @Test
    void whatIsToBeInstalledIsInstalledBeforeTheFirstStart(@TempDir Path directory) {
        Path installed = directory.resolve("installed");
        declare("web", ports.get(0), "\"install\": [\"touch\", \"%s\"], \"command\": ".formatted(installed) + LISTENS);

        ask("start", "names=web&wait=60s").then().statusCode(200);

        assertThat(installed).exists();
    }

    @Test
    void waitingHasAnEnd() {
        // It runs and never listens.
        declare("web", ports.get(0), "\"command\": [\"sleep\", \"1000\"]");

        ask("start", "wait=200ms").then().statusCode(409).body(containsString("200ms"));
        ask("start", "names=web").then().statusCode(202);
        ask("start", "wait=200y").then().statusCode(422);
    }

    @Test
    void anEmptyVariableOfAScriptDoesNotMeanAll() {
        declareBoth();
        ask("start", "names=web&wait=60s").then().statusCode(200);

        ask("stop", "names=").then().statusCode(422).body(containsString("leave it out to mean all"));

        ask("stop", "names=web&dryRun=true").then().statusCode(200).body(containsString("Stop"));
    }

    @Test
    void nothingIsDoneWhenOneNameIsWrong() {
        declareBoth();

        ask("start", "names=web,nobody").then().statusCode(404).body(containsString("nobody"));
        ask("start", "names=web,api&port=1234").then().statusCode(422);
        ask("start", "wait=60s&dryRun=true").then().statusCode(200).body(containsString("Dry run"));

        given().get(SERVICES + "/web").then().body("spec.running", equalTo(false));
    }

    @Test
    void aFileCanBeAppliedWithoutStartingAnything() {
        declare("web", ports.get(0), "\"command\": [\"sleep\", \"1000\"]");
        String file = """
                services:
                  overview-test/web: {port: %d, command: [sleep, "1000"]}
                  overview-test/api: {port: %d, command: [sleep, "1000"]}
                """.formatted(ports.get(0), ports.get(1));

        given().contentType("application/yaml")
                .body(file)
                .post("/apply?keepStopped=true")
                .then()
                .statusCode(200);

        given().get(SERVICES + "/web").then().body("spec.running", equalTo(false));
        given().get(SERVICES + "/api").then().body("spec.running", equalTo(false));

        given().contentType("application/yaml").body(file).post("/apply").then().statusCode(200);

        given().get(SERVICES + "/web").then().body("spec.running", equalTo(true));
        given().contentType("application/yaml")
                .body(file)
                .post("/apply?keepStopped=true")
                .then()
                .statusCode(200);
        given().get(SERVICES + "/web").then().body("spec.running", equalTo(true));
    }

    @Test
    void whatHasNoCommandIsNotRestarted() {
        declare("web", ports.get(0), "\"labels\": {}");

        ask("restart", "names=web").then().statusCode(409).body(containsString("no command"));
        ask("restart", "wait=10s").then().statusCode(200);
    }

    @Test
    void theBareNumberOfAPort() {
        declareBoth();
        assertThat(given().accept("text/plain").get(SERVICES + "/web/port").statusCode())
                .isEqualTo(409);
        ask("start", "names=web&wait=60s").then().statusCode(200);

        given().accept("text/plain")
                .get(SERVICES + "/web/port")
                .then()
                .statusCode(200)
                .body(equalTo(ports.get(0) + "\n"));
        given().accept("text/plain").get(SERVICES + "/nobody/port").then().statusCode(404);
    }

    @Test
    void everythingAtAGlance() {
        declareBoth();

        given().get("/status")
                .then()
                .statusCode(200)
                .body("daemon.pid", equalTo((int) ProcessHandle.current().pid()))
                .body("services.metadata.name", hasItems("api", "web"));
        given().accept("text/plain")
                .get("/status?namespace=" + NAMESPACE)
                .then()
                .statusCode(200)
                .body(containsString("pid " + ProcessHandle.current().pid()))
                .body(containsString(NAMESPACE + "/api"))
                .body(containsString("No conflict is open."));
        given().get("/status?namespce=x").then().statusCode(422);
    }

    @Test
    void aPortIsToldAsItIsNow() throws IOException {
        String port = "/ports/" + ports.get(0);
        given().get(port).then().body("state", equalTo("Free"));
        try (ServerSocket listening = new ServerSocket()) {
            listening.bind(new InetSocketAddress("127.0.0.1", ports.get(0)));
            given().get(port).then().body("state", equalTo("InUse")).body("holders[0].pids", hasItems((int)
                    ProcessHandle.current().pid()));
        }
        given().get(port).then().body("state", equalTo("Free"));
    }

    @Test
    void theDoctorTellsOfPortsThatAnyConnectionMayTake() {
        given().get("/doctor")
                .then()
                .statusCode(200)
                .body(
                        "findings.subject",
                        hasItems("versions", "machine", "permissions", "observer", "data directory", "clock"));
        Matcher range = Pattern.compile("the kernel uses \\d+-(\\d+) for outgoing connections")
                .matcher(given().accept("text/plain").get("/doctor").asString());
        Assumptions.assumeTrue(range.find(), "this system tells no range");

        declare("web", Integer.parseInt(range.group(1)), "\"labels\": {}");

        given().accept("text/plain")
                .get("/doctor")
                .then()
                .body(containsString("warning"))
                .body(containsString("sudo sysctl -w net.ipv4.ip_local_reserved_ports="))
                .body(containsString(range.group(1) + "\n"));
    }
}
