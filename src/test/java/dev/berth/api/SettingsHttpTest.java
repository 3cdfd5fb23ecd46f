package dev.berth.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.berth.testing.FreePorts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings over HTTP: what is said holds at once, and only what was said is changed. */
@QuarkusTest
class SettingsHttpTest {
    private static final String MERGE_PATCH = "application/merge-patch+json";

    @AfterEach
    void putEverythingBack() {
        given().contentType(ContentType.JSON).body("{}").put("/settings").then().statusCode(200);
        apply("stack: settings-test\nsettings: {}\n", "").statusCode(200);
    }

    @Test
    void aPatchHoldsAtOnceAndIsRecordedWithBeforeAndAfter() {
        patch("{\"conflicts\": {\"strategy\": \"conservative\"}, \"history.count\": 5000}")
                .statusCode(200)
                .body("conflicts.strategy.value", equalTo("conservative"))
                .body("conflicts.strategy.source", equalTo("REST"))
                .body("conflicts.strategy.default", equalTo("intelligent"))
                .body("history.count.value", equalTo(5000));
        given().get("/settings").then().body("conflicts.strategy.value", equalTo("conservative"));
        given().get("/audit?action=SettingChanged&limit=2")
                .then()
                .body("items.target.name", hasItems("conflicts.strategy", "history.count"))
                .body("items.target.kind", hasItem("Setting"))
                .body("items.detail", hasItems("intelligent → conservative", "100000 → 5000"))
                .body("items[0].actor.kind", equalTo("user"));
    }

    @Test
    void nullTakesBackOneKeyOrAWholeSection() {
        patch("{\"conflicts.strategy\": \"aggressive\", \"conflicts.homeAfter\": \"1m\", \"logs.files\": 7}");
        patch("{\"conflicts.strategy\": null}").body("conflicts.strategy.source", equalTo("default"));
        patch("{\"conflicts\": null}")
                .body("conflicts.homeAfter.value", equalTo("30s"))
                .body("logs.files.value", equalTo(7));
    }

    @Test
    void sayingTheSameAgainWritesNothing() {
        patch("{\"logs.files\": 8}").statusCode(200);
        String before = ExportHttpTest.everything();
        int records = records();
        patch("{\"logs\": {\"files\": 8}}").statusCode(200);
        assertThat(ExportHttpTest.everything()).isEqualTo(before);
        assertThat(records()).isEqualTo(records);
    }

    @Test
    void aPutTakesBackWhatItDoesNotSay() {
        patch("{\"logs.files\": 8, \"history.count\": 5000}").statusCode(200);
        given().contentType("application/yaml")
                .body("history: {count: 6000}\n".getBytes(UTF_8))
                .put("/settings")
                .then()
                .statusCode(200)
                .body("logs.files.source", equalTo("default"))
                .body("history.count.value", equalTo(6000));
    }

    @Test
    void whatWasReadCanBeSentBack() {
        patch("{\"logs.files\": 8, \"thresholds.memory\": \"2GB\", \"ports.reserved\": [5432, \"6000-6010\"]}")
                .statusCode(200);
        String read = given().get("/settings").asString();
        given().contentType(ContentType.JSON).body(read).put("/settings").then().statusCode(200);
        assertThat(given().get("/settings").asString()).isEqualTo(read);
        assertThat(read).contains("\"value\":\"2GB\"", "\"default\":\"off\"", "\"6000-6010\"");
    }

    @Test
    void aDryRunShowsWhatWouldChangeAndChangesNothing() {
        String before = ExportHttpTest.everything();
        given().contentType(MERGE_PATCH)
                .body("{\"conflicts.strategy\": \"aggressive\", \"logs.files\": 5}")
                .patch("/settings?dryRun=true")
                .then()
                .statusCode(200)
                .body("kind", equalTo("Plan"))
                .body("actions", hasSize(1))
                .body("actions[0].target", equalTo("Setting conflicts.strategy"))
                .body("actions[0].detail", equalTo("intelligent → aggressive"));
        assertThat(ExportHttpTest.everything()).isEqualTo(before);
    }

    static Stream<Arguments> badPatches() {
        return Stream.of(
                Arguments.of("{\"logs.files\": 0}", "logs.files", "a whole number from 1 to 99"),
                Arguments.of("{\"logs\": {\"files\": \"many\"}}", "logs.files", "a whole number from 1 to 99"),
                Arguments.of("{\"observe.interval\": 5}", "observe.interval", "500ms"),
                Arguments.of("{\"reconcile.autoResolve\": \"yes\"}", "reconcile.autoResolve", "true or false"),
                Arguments.of(
                        "{\"conflicts.stratgy\": \"x\"}", "conflicts.stratgy", "did you mean \"conflicts.strategy\""),
                Arguments.of(
                        "{\"conflicts.strategy\": \"agressive\"}", "conflicts.strategy", "did you mean \"aggressive\""),
                Arguments.of("{\"conflicts\": 5}", "conflicts", "there is no setting"),
                Arguments.of("{\"conflcts\": {}}", "conflcts", "there is no setting"),
                Arguments.of("{\"conflcts\": null}", "conflcts", "there is no setting"),
                Arguments.of("{\"bindHosts\": [\"example.org\"]}", "bindHosts", "addresses such as 127.0.0.1"),
                Arguments.of("{\"logs\": {\"files\": 3}, \"logs.files\": 4}", "logs.files", "write one of them"));
    }

    @ParameterizedTest
    @MethodSource("badPatches")
    void wrongValuesAreRefusedWithKeyAndWhatIsAllowed(String body, String field, String words) {
        String before = ExportHttpTest.everything();
        patch(body)
                .statusCode(422)
                .contentType("application/problem+json")
                .body("errors[0].field", equalTo(field))
                .body("errors[0].message", containsString(words));
        assertThat(ExportHttpTest.everything()).isEqualTo(before);
    }

    @Test
    void everyFaultIsToldAndTheRightOnesAreNotTaken() {
        patch("{\"logs.files\": 0, \"history.count\": 5000, \"observe.interval\": \"soon\"}")
                .statusCode(422)
                .body("errors.field", hasItems("logs.files", "observe.interval"))
                .body("errors.find { it.field == 'observe.interval' }.given", equalTo("soon"));
        given().get("/settings").then().body("history.count.source", equalTo("default"));
    }

    @Test
    void bindHostsRestrictsWhatServicesMayAskFor() {
        patch("{\"bindHosts\": [\"127.0.0.1\"]}").statusCode(200);
        String spec = "{\"port\": " + FreePorts.take() + ", \"host\": \"0.0.0.0\"}";
        given().contentType(ContentType.JSON)
                .body(spec)
                .put("/namespaces/settings-test/services/wide")
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("host"))
                .body("errors[0].message", containsString("bindHosts allows 127.0.0.1 only"));
        for (String host : new String[] {"127.0.0.1", "localhost"}) {
            given().contentType(ContentType.JSON)
                    .body(spec.replace("0.0.0.0", host))
                    .put("/namespaces/settings-test/services/wide?dryRun=true")
                    .then()
                    .statusCode(200);
        }
        patch("{\"bindHosts\": null}").statusCode(200);
        given().contentType(ContentType.JSON)
                .body(spec)
                .put("/namespaces/settings-test/services/wide?dryRun=true")
                .then()
                .statusCode(200);
    }

    @Test
    void aNewlyReservedPortIsChosenNoMore() {
        int port = FreePorts.take();
        patch("{\"ports.reserved\": [" + port + "]}").statusCode(200);
        String service = "/namespaces/settings-test/services/picky";
        given().contentType(ContentType.JSON)
                .body("{\"portRange\": \"" + port + "-" + port + "\"}")
                .put(service)
                .then()
                .statusCode(201);
        given().get(service).then().body("status.port", equalTo(null));
        patch("{\"ports.reserved\": null}").statusCode(200);
        Awaitility.await().untilAsserted(() -> given().get(service).then().body("status.port", equalTo(port)));
        given().delete(service).then().statusCode(200);
    }

    @Test
    void aFileSaysSettingsInBothSpellingsAndRestWinsOverIt() {
        apply("stack: settings-test\nconflict_resolution: {max_alternative_ports: 3}\nmonitoring: {interval: 7}\n", "")
                .statusCode(200)
                .body("settings.setting", hasItems("conflicts.maxAlternatives", "reconcile.interval"));
        given().get("/settings")
                .then()
                .body("conflicts.maxAlternatives.value", equalTo(3))
                .body("conflicts.maxAlternatives.source", equalTo("file settings-test"))
                .body("reconcile.interval.value", equalTo("7s"));
        patch("{\"conflicts.maxAlternatives\": 4}").statusCode(200);
        apply("stack: settings-test\nsettings: {conflicts.maxAlternatives: 5}\n", "")
                .statusCode(200)
                .body("warnings.message", hasItem(startsWith("has no effect here: it is \"4\" from REST")));
        given().get("/settings")
                .then()
                .body("conflicts.maxAlternatives.value", equalTo(4))
                // What the file says no longer.
                .body("reconcile.interval.source", equalTo("default"));
        patch("{\"conflicts.maxAlternatives\": null}")
                .body("conflicts.maxAlternatives.value", equalTo(10))
                .body("conflicts.maxAlternatives.source", equalTo("default"));
    }

    @Test
    void aDryRunOfAFileTellsItsSettings() {
        apply("stack: settings-test\nsettings: {logs: {files: 9}}\n", "?dryRun=true")
                .statusCode(200)
                .body("actions[0].action", equalTo("ChangeSetting"))
                .body("actions[0].detail", equalTo("5 → 9"));
        given().get("/settings").then().body("logs.files.value", not(equalTo(9)));
    }

    @Test
    void aFileWithAWrongSettingIsRefusedAsAWhole() {
        apply("services: {never: {port: 1234}}\nsettings:\n  conflicts:\n    strategy: clever\n", "")
                .statusCode(422)
                .body("errors[0].field", equalTo("settings.conflicts.strategy"))
                .body("errors[0].message", containsString("line 4, column 5"));
        given().get("/services/never").then().statusCode(404);
    }

    private static ValidatableResponse patch(String body) {
        return given().contentType(MERGE_PATCH).body(body).patch("/settings").then();
    }

    private static ValidatableResponse apply(String yaml, String query) {
        return given().contentType("application/yaml")
                .body(yaml.getBytes(UTF_8))
                .post("/apply" + query)
                .then();
    }

    private static int records() {
        return given().get("/audit?action=SettingChanged&limit=500")
                .jsonPath()
                .getList("items")
                .size();
    }
}
