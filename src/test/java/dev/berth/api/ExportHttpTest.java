package dev.berth.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.startsWith;

import dev.berth.testing.FreePorts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ExportHttpTest {
    private static final String SERVICE = "/namespaces/export-test/services/web";

    /** All that was ever asked for; unlike versions it doesn't change with what the loop sees meanwhile. */
    static String everything() {
        return given().accept("application/yaml").get("/export").asString();
    }

    @AfterEach
    void leaveNothingBehind() {
        given().delete(SERVICE);
        given().contentType("application/json").body("{\"logs.files\": null}").patch("/settings");
    }

    @Test
    void whatIsExportedChangesNothingWhenItIsApplied() {
        given().contentType("application/yaml")
                .body(("port: " + FreePorts.take()
                                + "\nenvironment: {VERSION: '1e5', LINES: \"a\\nb\\n\"}\nlabels: {tier: web}\n")
                        .getBytes(UTF_8))
                .put(SERVICE)
                .then()
                .statusCode(201);
        given().contentType("application/json").body("{\"logs.files\": 7}").patch("/settings");

        Response export = given().get("/export");
        assertThat(export.contentType()).startsWith("application/yaml");
        String text = export.asString();
        assertThat(text)
                .contains("export-test/web:", "VERSION: \"1e5\"", "files: 7")
                .doesNotContain("resourceVersion", "uid", "imestamp");
        given().contentType("application/yaml")
                .body(text.getBytes(UTF_8))
                .post("/apply")
                .then()
                .statusCode(200)
                .body("services.change", everyItem(equalTo("Unchanged")));
        assertThat(given().get("/export").asString()).isEqualTo(text);
        assertThat(given().accept("text/plain").get("/export").asString()).isEqualTo(text);
    }

    @Test
    void jsonSaysTheSame() {
        given().accept("application/json")
                .get("/export")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("$", hasEntry("apiVersion", "berth.dev/v1"))
                .body("apiVersion", startsWith("berth.dev"));
    }

    @Test
    void editorsFindTheSchema() {
        given().get("/schema.json")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("definitions.service.properties.port.maximum", equalTo(65535));
    }
}
