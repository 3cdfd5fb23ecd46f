package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.berth.notify.Receiver;
import dev.berth.testing.FreePorts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Webhooks as they are set, shown and tried. */
@QuarkusTest
class NotificationsHttpTest {
    private static final String SECRET = "do-not-show-me-0123456789";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WEB = "/namespaces/notify-test/services/web";

    @BeforeAll
    static void textBodies() {
        ServicesHttpTest.textBodies();
    }

    @AfterEach
    void reset() {
        given().delete(WEB);
        patch("{\"notifications\": null}", 200);
        await().atMost(PATIENCE).until(() -> given().get(WEB).statusCode() == 404);
    }

    private static String patch(String body, int status) {
        return given().contentType(ContentType.JSON)
                .body(body)
                .patch("/settings")
                .then()
                .statusCode(status)
                .extract()
                .asString();
    }

    private static void set(String url, String secret) {
        patch("""
                {"notifications": {"allow": ["127.0.0.1"], "webhooks": [
                  {"name": "ci", "url": "%s", "secret": "%s", "minSeverity": "low"}]}}
                """.formatted(url, secret), 200);
    }

    private static void awaitSet() {
        await().atMost(PATIENCE)
                .until(() -> given().get("/notifications")
                                .jsonPath()
                                .getList("items")
                                .size()
                        == 1);
    }

    private static long tests(Receiver receiver) {
        return receiver.got().stream()
                .filter(each -> each.body().contains("\"type\":\"Test\""))
                .count();
    }

    /** These tests keep everything in memory, which is told first. */
    private static void awaitFirst(Receiver receiver) {
        await().atMost(PATIENCE)
                .until(() ->
                        receiver.got().stream().anyMatch(each -> each.body().contains("StoreInMemory")));
    }

    @Test
    void aTestIsSentAndItsResultTold() throws IOException {
        try (Receiver receiver = new Receiver(0)) {
            set(receiver.url(), SECRET);
            awaitSet();
            awaitFirst(receiver);
            given().post("/notifications/test")
                    .then()
                    .statusCode(200)
                    .body("items[0].webhook", equalTo("ci"))
                    .body("items[0].delivered", equalTo(true));
            assertThat(tests(receiver)).isEqualTo(1);
            receiver.answer(500, Map.of(), 0);
            given().post("/notifications/test?name=ci")
                    .then()
                    .body("items[0].delivered", equalTo(false))
                    .body("items[0].result", containsString("500"));
            given().post("/notifications/test?name=nobody").then().statusCode(404);
            given().post("/notifications/test?dryRun=true").then().body("kind", equalTo("Plan"));
            assertThat(tests(receiver)).isEqualTo(2);
        }
    }

    @Test
    void aRealConflictIsTold() throws IOException {
        int port = FreePorts.take();
        try (Receiver receiver = new Receiver(0);
                ServerSocket stranger = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(stranger.isBound()).isTrue();
            set(receiver.url(), SECRET);
            awaitSet();
            given().contentType(ContentType.JSON)
                    .body("{\"port\": %d, \"alternativePorts\": [%d], \"strategy\": \"conservative\"}"
                            .formatted(port, FreePorts.take()))
                    .put(WEB)
                    .then()
                    .statusCode(201);
            await().atMost(PATIENCE)
                    .until(() -> receiver.got().stream()
                            .anyMatch(each -> each.body().contains("\"port\":\"" + port + "\"")
                                    && each.header("Berth-Signature").startsWith("t=")));
        }
    }

    @Test
    void secretsAreNeverShownAgain() throws IOException {
        try (Receiver receiver = new Receiver(0)) {
            set(receiver.url(), SECRET);
            awaitSet();
            for (String path : new String[] {"/settings", "/export", "/audit", "/notifications", "/metrics"}) {
                assertThat(given().get(path).asString()).as(path).doesNotContain(SECRET);
                assertThat(given().accept("text/plain").get(path).asString())
                        .as(path)
                        .doesNotContain(SECRET);
            }
            // Sent back as it was shown, it is still the one that was set.
            String shown = given().get("/settings").jsonPath().getString("notifications.webhooks.value[0].secret");
            assertThat(shown).isEqualTo("(hidden)");
            set(receiver.url(), shown);
            given().post("/notifications/test").then().body("items[0].delivered", equalTo(true));

            String refused = patch("""
                    {"notifications": {"webhooks": [{"name": "ci", "url": "ftp://x", "secret": "%s"}]}}
                    """.formatted(SECRET), 422);
            assertThat(refused).contains("http://").doesNotContain(SECRET);
            assertThat(patch("{\"notifications.webhooks\": \"[{" + SECRET + "\"}", 422))
                    .doesNotContain(SECRET);
        }
    }
}
