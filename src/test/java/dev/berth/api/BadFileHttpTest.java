package dev.berth.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that people really send by mistake, or on purpose: a client error with the place, and nothing is applied. */
@QuarkusTest
class BadFileHttpTest {
    /** A service that would be declared if anything of the file were applied. */
    private static final String GOOD = "  bad-file-canary: {port: 1234}\n";

    private static final String LAUGHS = laughs();

    private static String laughs() {
        StringBuilder text =
                new StringBuilder("services:\n" + GOOD + "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int i = 1; i < 12; i++) {
            text.append("a").append(i).append(": &a").append(i).append(" [");
            text.append(("*a" + (i - 1) + ", ").repeat(8))
                    .append("*a")
                    .append(i - 1)
                    .append("]\n");
        }
        return text.toString();
    }

    static Stream<Arguments> badFiles() {
        return Stream.of(
                Arguments.of("a tab for indentation", "services:\n" + GOOD + "\tweb: {}\n", 400, "line 3"),
                Arguments.of("a tab in a value's place", "services:\n" + GOOD + "  web:\n\t port: 1\n", 400, "line 4"),
                Arguments.of(
                        "a duplicate key",
                        "services:\n" + GOOD + "  web: {port: 1}\n  web: {port: 2}\n",
                        400,
                        "line 4"),
                Arguments.of(
                        "two sections of a name", "services:\n" + GOOD + "services: {}\n", 400, "comes twice (line 3"),
                Arguments.of("a billion laughs", LAUGHS, 400, "values, aliases counted"),
                Arguments.of("an alias of itself", "services: &s\n" + GOOD + "  web: *s\n", 400, "line"),
                Arguments.of("an unknown alias", "services:\n" + GOOD + "  web: *nobody\n", 400, "line 3"),
                Arguments.of("a tag", "services:\n" + GOOD + "  web: !!java.util.Date x\n", 400, "line 3"),
                Arguments.of("an unclosed bracket", "services:\n" + GOOD + "  web: {port: [1\n", 400, "line"),
                Arguments.of("nothing", "   \n# nothing\n", 400, "nothing in it"),
                Arguments.of("no UTF-8", "services:\n" + GOOD + "# \u00ff", 400, "UTF-8"),
                Arguments.of("too deep", "services: " + "[".repeat(200), 400, "nested deeper than 32 levels (line 1"),
                Arguments.of("a list for a map", "- services\n", 422, "line 1, column 1"),
                Arguments.of("a text for a map", "services:\n" + GOOD + "  web: yes\n", 422, "line 3, column 3"),
                Arguments.of(
                        "an unknown section",
                        "services:\n" + GOOD + "servces: {}\n",
                        422,
                        "did you mean \"services\"? (line 3"),
                Arguments.of(
                        "an unknown field",
                        "services:\n" + GOOD + "  web: {alternativPorts: [1]}\n",
                        422,
                        "did you mean \"alternativePorts\"? (line 3, column 9)"),
                Arguments.of(
                        "a port in words",
                        "services:\n" + GOOD + "  web: {port: eighty}\n",
                        422,
                        "whole number from 1 to 65535 (line 3, column 9)"),
                Arguments.of("a port too high", "services:\n" + GOOD + "  web: {port: 70000}\n", 422, "line 3"),
                Arguments.of(
                        "a range backwards",
                        "services:\n" + GOOD + "  web: {portRange: 9100-9000}\n",
                        422,
                        "9000-9100 perhaps"),
                Arguments.of(
                        "a range out of range",
                        "services:\n" + GOOD + "  web: {portRange: 9000-99999}\n",
                        422,
                        "ports from 1 to 65535 (line 3"),
                Arguments.of(
                        "a range too low",
                        "services:\n" + GOOD + "  web: {portRange: 10-20}\n",
                        422,
                        "Berth chooses no port below 1024"),
                Arguments.of(
                        "a duration without unit", "services:\n" + GOOD + "  web: {gracePeriod: 10}\n", 422, "line 3"),
                Arguments.of(
                        "a wrong setting",
                        "services:\n" + GOOD + "settings: {observe: {interval: 1ms}}\n",
                        422,
                        "from 50ms to 1m (line 3"),
                Arguments.of(
                        "an unknown setting",
                        "services:\n" + GOOD + "settings:\n  conflicts.strtegy: x\n",
                        422,
                        "did you mean \"conflicts.strategy\"? (line 4"),
                Arguments.of(
                        "a reservation without holder",
                        "services:\n" + GOOD + "reservations: [{port: 5}]\n",
                        422,
                        "line 3"),
                Arguments.of(
                        "a reservation twice",
                        "services:\n" + GOOD + "reservations: [{holder: a, port: 5}, {holder: b, port: 5}]\n",
                        422,
                        "reserved already, by reservations[0]"),
                Arguments.of(
                        "an unknown dependency",
                        "services:\n" + GOOD + "  web: {dependsOn: [dtabase]}\n  database: {}\n",
                        422,
                        "did you mean \"database\"? (line 3"),
                Arguments.of(
                        "a circle",
                        "services:\n" + GOOD + "  a: {dependsOn: [b]}\n  b: {dependsOn: [a]}\n",
                        422,
                        "a → b → a"),
                Arguments.of(
                        "both spellings",
                        "services:\n" + GOOD + "  web: {alternativePorts: [1], alternative_ports: [2]}\n",
                        422,
                        "says the same as"),
                Arguments.of(
                        "a name that is none",
                        "services:\n" + GOOD + "  Web_1: {}\n",
                        422,
                        "a name is 1 to 63 lower-case"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badFiles")
    void isRefusedWithItsPlace(String what, String text, int status, String words) {
        String before = ExportHttpTest.everything();
        byte[] body = what.equals("no UTF-8")
                ? text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)
                : text.getBytes(UTF_8);
        for (String query : new String[] {"", "?dryRun=true"}) {
            Response answer = given().contentType("application/yaml").body(body).post("/apply" + query);
            answer.then().statusCode(status).contentType("application/problem+json");
            assertThat(answer.asString())
                    .contains(words.replace("\"", "\\\""))
                    .doesNotContain("Exception", "snakeyaml");
        }
        assertThat(ExportHttpTest.everything()).isEqualTo(before);
        given().get("/services/bad-file-canary").then().statusCode(404);
    }

    @Test
    void tenMegabytesAreTooLarge() {
        byte[] body = ("services:\n" + GOOD + "#" + "x".repeat(10 * 1024 * 1024)).getBytes(UTF_8);
        given().contentType("application/yaml")
                .body(body)
                .post("/apply")
                .then()
                .statusCode(413)
                .body("detail", containsString("4 MB"));
        given().get("/services/bad-file-canary").then().statusCode(404);
    }

    @Test
    void anchorsThatMeanWellAreFollowed() {
        given().contentType("application/yaml")
                .body("services:\n  a: &base {port: 1234, critical: true}\n  b: {<<: *base, port: 1235}\n"
                        .getBytes(UTF_8))
                .post("/apply?dryRun=true")
                .then()
                .statusCode(200)
                .body("kind", equalTo("Plan"));
    }
}
