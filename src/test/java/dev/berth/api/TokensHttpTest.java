package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.berth.testing.FreePorts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens over HTTP: what they open, and that nothing of them is left when they end. */
@QuarkusTest
class TokensHttpTest {
    private static final String AUTHORIZATION = "Authorization";

    @BeforeAll
    static void textBodies() {
        ServicesHttpTest.textBodies();
    }

    @AfterEach
    void tidy() {
        given().get("/tokens").<List<String>>path("items.name").forEach(name -> given().delete("/tokens/" + name));
        given().delete("/services/token-made");
        given().delete("/services/hand-made");
    }

    private static ValidatableResponse post(Map<String, Object> wish) {
        return given().contentType(ContentType.JSON).body(wish).post("/tokens").then();
    }

    private static String make(String name, String scope) {
        return post(Map.of("name", name, "scope", scope))
                .statusCode(201)
                .extract()
                .path("token");
    }

    private static RequestSpecification with(String token) {
        return given().header(AUTHORIZATION, "Bearer " + token).contentType(ContentType.JSON);
    }

    @Test
    void theSecretIsShownOnceAndKeptNowhere() {
        String secret = post(Map.of("name", "ci", "scope", "read", "ttl", "1h"))
                .statusCode(201)
                .header("Location", equalTo("/tokens/ci"))
                .body("token", startsWith("berth_"))
                .body("scope", equalTo("read"))
                .extract()
                .path("token");
        assertThat(secret).hasSizeGreaterThan(43);
        String everything = given().get("/tokens").asString()
                + given().get("/audit?limit=500").asString()
                + given().get("/export").asString()
                + given().get("/settings").asString();
        assertThat(everything).contains("ci").doesNotContain(secret.substring(6));
        given().get("/tokens").then().body("items.token", hasItem(nullValue()));
        post(Map.of("name", "ci", "scope", "read")).statusCode(409).body("detail", containsString("ci already"));
    }

    @ParameterizedTest
    @CsvSource({
        "read,   GET,    /services,           200",
        "read,   PUT,    /services/token-made, 403",
        "read,   POST,   /services/stop,      202",
        "read,   POST,   /ports/1/free,       403",
        "read,   POST,   /reservations,       403",
        "read,   POST,   /conflicts/resolve,  403",
        "read,   POST,   /apply,              403",
        "read,   PATCH,  /settings,           403",
        "read,   POST,   /tokens,             403",
        "read,   DELETE, /tokens/it,          403",
        "manage, PUT,    /services/token-made, 201",
        "manage, PATCH,  /settings,           403",
        "manage, POST,   /tokens,             403",
        "admin,  PATCH,  /settings,           200",
        "admin,  DELETE, /tokens/it,          200"
    })
    void aScopeOpensSoMuch(String scope, String method, String path, int status) {
        Map<String, Object> body = switch (path) {
            case "/services/token-made" -> Map.of("port", FreePorts.take());
            case "/reservations" -> Map.of("holder", "x", "port", FreePorts.take());
            case "/tokens" -> Map.of("name", "more", "scope", "read");
            default -> Map.of();
        };
        var request = with(make("it", scope));
        var response = path.startsWith("/services") && method.equals("POST")
                ? request.request(method, path)
                : request.body(body).request(method, path);
        response.then().statusCode(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer berth_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "Bearer ",
                "Bearer a b",
                "Basic cm9vdDpyb290",
                "berth_AAAA",
                "Bearer \"x\""
            })
    void whatIsNoTokenIsRefusedOnLoopbackToo(String header) {
        given().header(AUTHORIZATION, header)
                .get("/services")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", startsWith("Bearer"))
                .body("detail", containsString("token"));
    }

    @Test
    void anExpiredTokenIsNone() {
        String secret = post(Map.of("name", "short", "scope", "read", "ttl", "1s"))
                .statusCode(201)
                .extract()
                .path("token");
        with(secret).get("/services").then().statusCode(200);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> with(secret).get("/services").statusCode() == 401);
        given().get("/tokens").then().body("items.find { it.name == 'short' }.expired", equalTo(true));

        String next = post(Map.of("name", "short", "scope", "read", "ttl", "1h"))
                .statusCode(201)
                .extract()
                .path("token");
        with(next).get("/services").then().statusCode(200);
        with(secret).get("/services").then().statusCode(401);
    }

    @Test
    void aRevokedTokenEndsWithWhatGoesOnByIt() throws Exception {
        String secret = make("watcher", "read");
        CompletableFuture<Long> ended = watch(secret);
        CompletableFuture<Long> another = watch(make("bystander", "read"));
        given().delete("/tokens/watcher").then().statusCode(200);
        assertThat(ended.handle((lines, failure) -> true)).succeedsWithin(Duration.ofSeconds(20));
        assertThat(another).isNotDone();
        with(secret).get("/services").then().statusCode(401);
        given().get("/audit?action=TokenRevoked&limit=1").then().body("items[0].target.name", equalTo("watcher"));
    }

    /** Ends with the watch, which has begun. */
    private static CompletableFuture<Long> watch(String token) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest watch = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + io.restassured.RestAssured.port + "/watch"))
                .header(AUTHORIZATION, "Bearer " + token)
                .build();
        var open = client.sendAsync(watch, HttpResponse.BodyHandlers.ofLines()).get();
        assertThat(open.statusCode()).isEqualTo(200);
        return CompletableFuture.supplyAsync(() -> open.body().count());
    }

    @Test
    void aTokenThatIsLimitedChangesOnlyWhatItDeclared() {
        given().contentType(ContentType.JSON)
                .body(Map.of("port", FreePorts.take()))
                .put("/services/hand-made")
                .then()
                .statusCode(201);
        String secret = post(Map.of("name", "agent", "scope", "manage", "onlyOwn", true))
                .statusCode(201)
                .extract()
                .path("token");
        with(secret).post("/services/hand-made/stop").then().statusCode(403);
        with(secret).delete("/services/hand-made").then().statusCode(403).body("detail", containsString("agent"));
        with(secret)
                .body(Map.of("port", FreePorts.take()))
                .put("/services/token-made")
                .then()
                .statusCode(201);
        with(secret).post("/services/token-made/stop").then().statusCode(202);
        with(secret).delete("/services/token-made").then().statusCode(200);
        given().get("/audit?service=token-made&action=ServiceDeclared&limit=1")
                .then()
                .body("items[0].actor.name", containsString("(token agent)"));
    }

    @Test
    void aTokenThatIsLimitedGivesBackOnlyWhatItReserved() {
        String secret = post(Map.of("name", "agent", "scope", "manage", "onlyOwn", true))
                .statusCode(201)
                .extract()
                .path("token");
        int own = FreePorts.take();
        with(secret)
                .body(Map.of("holder", "agents", "port", own))
                .post("/reservations")
                .then()
                .statusCode(201);
        with(secret).put("/reservations/" + own).then().statusCode(200);
        with(secret).delete("/reservations/" + own).then().statusCode(200);

        int other = FreePorts.take();
        given().contentType(ContentType.JSON)
                .body(Map.of("holder", "hands", "port", other))
                .post("/reservations")
                .then()
                .statusCode(201);
        with(secret).delete("/reservations/" + other).then().statusCode(403);
        given().delete("/reservations/" + other).then().statusCode(200);
    }

    @Test
    void nobodyTriesOneTokenAfterTheOther() {
        // A test of its own peer: the count is per user, and this one is root everywhere here.
        WrongTokens wrong = new WrongTokens(() -> 0);
        for (int i = 0; i < WrongTokens.MOST; i++) {
            assertThat(wrong.areTooMany("192.0.2.1")).isFalse();
            wrong.another("192.0.2.1");
        }
        assertThat(wrong.areTooMany("192.0.2.1")).isTrue();
        assertThat(wrong.areTooMany("192.0.2.2")).isFalse();
    }
}
