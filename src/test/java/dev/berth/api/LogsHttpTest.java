package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.berth.launch.Launches;
import dev.berth.model.ServiceKey;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading the log of a service that is declared and stopped; the test itself writes what the service would. */
@QuarkusTest
@Timeout(60)
class LogsHttpTest {
    private static final String SERVICE = "/namespaces/log-test/services/backend";
    private static final String LOGS = SERVICE + "/logs";

    @TestHTTPResource("/")
    URI base;

    @Inject
    Launches launches;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Path log;

    @BeforeEach
    void declare() throws IOException {
        log = launches.log(new ServiceKey("log-test", "backend"));
        given().contentType(ContentType.JSON)
                .body("{\"command\": [\"sleep\", \"1000\"], \"running\": false}")
                .put(SERVICE)
                .then()
                .statusCode(201);
    }

    @AfterEach
    void remove() throws IOException {
        given().delete(SERVICE);
        await().until(() -> given().get(SERVICE).statusCode() == 404);
        Files.deleteIfExists(log);
    }

    @Test
    void withoutALogThereAreNoLines() {
        given().accept("text/plain").get(LOGS).then().statusCode(200).body(equalTo(""));
        given().accept("application/json").get(LOGS).then().statusCode(200).body("lines", empty());
    }

    @Test
    void theLastLinesAsTextOrAsAnObject() throws IOException {
        append("one\ntwo\nERROR three\n  of it\n");
        given().get(LOGS)
                .then()
                .statusCode(200)
                .contentType("text/plain")
                .header("X-Content-Type-Options", "nosniff")
                .body(equalTo("one\ntwo\nERROR three\n  of it\n"));
        given().get(LOGS + "?tail=1").then().body(equalTo("  of it\n"));
        given().get(LOGS + "?errors").then().body(equalTo("ERROR three\n  of it\n"));
        given().accept("application/json")
                .get(LOGS + "?tail=2")
                .then()
                .statusCode(200)
                .header("Content-Type", "application/json;charset=UTF-8")
                .body("lines", contains("ERROR three", "  of it"));
        given().accept("application/yaml")
                .get(LOGS + "?tail=1")
                .then()
                .statusCode(200)
                .body(containsString("lines:"));
    }

    @Test
    void aLongLogIsWhole() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append("line ").append(i).append('\n');
        }
        append(text.toString());
        assertThat(given().get(LOGS + "?tail=100000").asString())
                .matches(text.toString()::contentEquals, "is what was written");
    }

    @ParameterizedTest
    @CsvSource({
        "tail=-1,tail",
        "tail=100001,tail",
        "tail=x,tail",
        "errors=maybe,errors",
        "follow=2,follow",
        "fellow=true,fellow"
    })
    void badParametersAreRefused(String query, String field) {
        given().accept("application/json")
                .get(LOGS + "?" + query)
                .then()
                .statusCode(422)
                .body("errors.field", hasItem(field));
        given().get(LOGS + "?" + query).then().statusCode(422);
    }

    @Test
    void refusals() {
        given().accept("image/png").get(LOGS).then().statusCode(406);
        given().get("/namespaces/log-test/services/nobody/logs").then().statusCode(404);
        given().get("/services/NOBODY/logs").then().statusCode(404);
        given().accept("application/json")
                .get(LOGS + "?follow=true")
                .then()
                .statusCode(422)
                .body("errors.message", hasItem(containsString("text/plain")));
        given().post(LOGS).then().statusCode(405);
    }

    @Test
    void anObservedServiceHasNoLog() {
        String observed = "/namespaces/log-test/services/observed";
        given().contentType(ContentType.JSON).body("{\"port\": 9}").put(observed);
        try {
            given().accept("application/json")
                    .get(observed + "/logs")
                    .then()
                    .statusCode(409)
                    .contentType("application/problem+json")
                    .body("detail", containsString("it has no command, so there is no log"));
        } finally {
            given().delete(observed);
        }
    }

    @Test
    void newLinesComeUntilTheServiceIsDeleted() throws Exception {
        append("old\none\n");
        try (BufferedReader lines = follow("?follow=true&tail=1")) {
            assertThat(lines.readLine()).isEqualTo("one");
            append("two\nthr");
            assertThat(lines.readLine()).isEqualTo("two");
            append("ee\n");
            assertThat(lines.readLine()).isEqualTo("three");
            append("last words");
            given().delete(SERVICE);
            assertThat(lines.readLine()).isEqualTo("last words");
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    void errorsAreFollowedAlone() throws Exception {
        try (BufferedReader lines = follow("?follow&errors")) {
            append("fine\nERROR not\n\tat all\nfine\n");
            assertThat(lines.readLine()).isEqualTo("ERROR not");
            assertThat(lines.readLine()).isEqualTo("\tat all");
        }
    }

    @Test
    void followersAreBoundedAndGiveTheirPlaceBack() throws Exception {
        List<InputStream> open = new ArrayList<>();
        try {
            for (int i = 0; i < LogPlaces.MOST_FOLLOWERS; i++) {
                HttpResponse<InputStream> answer = send("?follow=true");
                assertThat(answer.statusCode()).isEqualTo(200);
                open.add(answer.body());
            }
            given().get(LOGS + "?follow=true")
                    .then()
                    .statusCode(429)
                    .header("Retry-After", "10")
                    .contentType("application/problem+json")
                    .body("detail", containsString("64 readers"));
            given().get(LOGS).then().statusCode(200);
            open.remove(0).close();
            await().until(() -> {
                HttpResponse<InputStream> again = send("?follow=true");
                open.add(again.body());
                return again.statusCode() == 200;
            });
        } finally {
            for (InputStream each : open) {
                each.close();
            }
        }
    }

    private BufferedReader follow(String query) throws Exception {
        HttpResponse<InputStream> answer = send(query);
        assertThat(answer.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    /** Returns when the head of the answer is there, which must not take until the first line. */
    private HttpResponse<InputStream> send(String query) throws Exception {
        return client.send(
                HttpRequest.newBuilder(base.resolve(LOGS + query))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private void append(String text) throws IOException {
        Files.createDirectories(log.getParent());
        Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
