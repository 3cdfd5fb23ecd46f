package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.berth.testing.FreePorts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reserving ports over HTTP, as a client sees it. */
@QuarkusTest
class ReservationsHttpTest {
    private final List<Integer> ports = FreePorts.take(3);

    @BeforeAll
    static void textBodies() {
        ServicesHttpTest.textBodies();
    }

    @AfterEach
    void release() {
        ports.forEach(port -> given().delete("/reservations/" + port));
    }

    private static ValidatableResponse post(String json) {
        return given().contentType(ContentType.JSON)
                .body(json)
                .post("/reservations")
                .then();
    }

    private int port() {
        return ports.get(0);
    }

    /** A watched file is tried again and again: what can't be had whole must not come and go with each try. */
    @Test
    void aFileWhoseSecondPortIsTakenLeavesNoTraceOfTheFirst() throws Exception {
        try (ServerSocket stranger = new ServerSocket(ports.get(1), 1, InetAddress.getLoopbackAddress())) {
            int before = given().get("/audit?limit=1").path("items[0].seq");
            given().contentType("application/yaml")
                    .body("stack: both\nreservations: [{holder: a, port: %d}, {holder: b, port: %d}]"
                            .formatted(port(), stranger.getLocalPort()))
                    .post("/apply")
                    .then()
                    .statusCode(409);
            assertThat(given().get("/audit?action=PortReserved&limit=1").<Integer>path("items[0].seq"))
                    .isIn(
                            null,
                            given().get("/audit?action=PortReserved&before=" + (before + 1) + "&limit=1")
                                    .path("items[0].seq"));
        }
    }

    @Test
    void aPortIsReservedShownRenewedAndReleased() {
        String path = "/reservations/" + port();
        post("{\"holder\": \"ci\", \"port\": %d, \"ttl\": \"10m\"}".formatted(port()))
                .statusCode(201)
                .header("Location", path)
                .body("kind", equalTo("Reservation"))
                .body("port", equalTo(port()))
                .body("protocol", equalTo("tcp"))
                .body("holder", equalTo("ci"))
                .body("ttl", equalTo("10m"))
                .body("expiresAt", matchesPattern("\\d{4}-.*Z"))
                .body("enforcement", equalTo("Held"))
                .body("claimedBy", nullValue());
        assertThat(FreePorts.isFree(port())).as("held at the socket").isFalse();
        String before = given().get(path).path("expiresAt");
        given().contentType(ContentType.JSON)
                .body("{\"holder\": \"ci\", \"ttl\": \"1h\"}")
                .put(path)
                .then()
                .statusCode(200)
                .body("ttl", equalTo("1h"));
        assertThat(given().get(path).<String>path("expiresAt")).isGreaterThan(before);
        given().get("/ports/" + port())
                .then()
                .body("state", equalTo("Reserved"))
                .body("holders", hasSize(0))
                .body("blockage", nullValue())
                .body("explanation", containsString("reserved for ci"))
                .body("explanation", containsString("Berth holds it at the socket"));
        given().accept("text/plain").get("/reservations").then().body(containsString(Integer.toString(port())));
        given().delete(path).then().statusCode(200);
        given().get(path).then().statusCode(404);
        assertThat(FreePorts.isFree(port())).isTrue();
        given().delete(path).then().statusCode(404);
        given().get("/audit?limit=20")
                .then()
                .body("items.action", hasItems("PortReserved", "ReservationRenewed", "PortReleased"));
    }

    @Test
    void whatIsTakenIsRefusedWithItsHolder() throws IOException {
        post("{\"holder\": \"first\", \"port\": %d}".formatted(port())).statusCode(201);
        post("{\"holder\": \"second\", \"port\": %d}".formatted(port()))
                .statusCode(409)
                .body("detail", containsString("reserved for first"))
                .body("errors[0].message", containsString("reserved for first"))
                .body("holders[0].port", equalTo(port()));
        given().contentType(ContentType.JSON)
                .body("{\"holder\": \"second\"}")
                .put("/reservations/" + port())
                .then()
                .statusCode(409);
        int used = ports.get(1);
        try (ServerSocket server = new ServerSocket(used, 1, InetAddress.getLoopbackAddress())) {
            post("{\"holder\": \"second\", \"port\": %d}".formatted(server.getLocalPort()))
                    .statusCode(409)
                    .body(
                            "detail",
                            containsString(Long.toString(ProcessHandle.current().pid())));
        }
    }

    @Test
    void someOfARangeAreAnsweredWithAListAndAUsedUpRangeTellsEachHolder() {
        int first = ports.get(2) + 100;
        while (!(FreePorts.isFree(first) && FreePorts.isFree(first + 1))) {
            first++;
        }
        String range = first + "-" + (first + 1);
        try {
            post("{\"holder\": \"two\", \"portRange\": \"%s\", \"count\": 2}".formatted(range))
                    .statusCode(201)
                    .body("kind", equalTo("ReservationList"))
                    .body("items.port", contains(first, first + 1))
                    .body("items.holder", contains("two", "two"));
            post("{\"holder\": \"third\", \"portRange\": \"%s\"}".formatted(range))
                    .statusCode(409)
                    .body("holders.port", contains(first, first + 1))
                    .body("holders[1].holder", containsString("two"));
            String page = given().get("/reservations?limit=1&holder=two").path("metadata.continue");
            given().get("/reservations?holder=two&continue=" + page)
                    .then()
                    .body("items.port", contains(first + 1))
                    .body("metadata.continue", nullValue());
        } finally {
            given().delete("/reservations/" + first);
            given().delete("/reservations/" + (first + 1));
        }
    }

    @Test
    void aClaimLetsGoOfThePort() throws IOException {
        post("{\"holder\": \"ci\", \"port\": %d}".formatted(port())).statusCode(201);
        given().contentType(ContentType.JSON)
                .body("{\"pid\": %d}".formatted(ProcessHandle.current().pid()))
                .post("/reservations/%d/claim".formatted(port()))
                .then()
                .statusCode(200)
                .body(
                        "claimedBy",
                        containsString(Long.toString(ProcessHandle.current().pid())))
                .body("enforcement", equalTo("Advisory"))
                .body("message", containsString("let go of for pid"))
                .body("claimant.pid", equalTo((int) ProcessHandle.current().pid()));
        try (ServerSocket server = new ServerSocket(port(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(server.isBound()).isTrue();
        }
        given().post("/reservations/%d/claim".formatted(port())).then().statusCode(409);
        given().post("/reservations/%d/claim".formatted(ports.get(1))).then().statusCode(404);
    }

    @Test
    void aDryRunSaysWhatWouldBeReserved() {
        given().contentType(ContentType.JSON)
                .body("{\"holder\": \"ci\", \"port\": %d}".formatted(port()))
                .post("/reservations?dryRun=true")
                .then()
                .statusCode(200)
                .body("kind", equalTo("Plan"))
                .body("actions[0].action", equalTo("ReservePort"))
                .body("actions[0].target", equalTo("Port " + port()));
        given().get("/reservations/" + port()).then().statusCode(404);
        assertThat(FreePorts.isFree(port())).isTrue();
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        post("{\"port\": 70000, \"count\": 0, \"ttl\": \"soon\", \"pid\": -1, \"protocol\": \"sctp\", \"hodler\": \"x\"}")
                .statusCode(422)
                .contentType("application/problem+json")
                .body("errors.field", hasItems("holder", "port", "count", "ttl", "pid", "protocol", "hodler"))
                .body("errors.find { it.field == 'hodler' }.message", containsString("holder"));
        post("{\"holder\": \"ci\", \"port\": %d, \"pid\": 2147483646}".formatted(port()))
                .statusCode(422)
                .body("errors.field", hasItem("pid"));
        given().get("/reservations/" + port()).then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"holder\": \"ci\", \"port\": 9000, \"portRange\": \"9000-9001\"} | portRange",
                "{\"holder\": \"ci\", \"portRange\": \"9001-9000\"} | portRange",
                "{\"holder\": \"ci\", \"portRange\": \"9000-9001\", \"count\": 3} | count",
                "{\"holder\": \"\", \"port\": 9000} | holder",
                "{\"holder\": \"a\\nb\", \"port\": 9000} | holder",
                "{\"holder\": \"ci\", \"port\": 9000, \"ttl\": \"10ms\"} | ttl",
                "[] | `` ",
            })
    void badWishesAreRefused(String body, String field) {
        post(body).statusCode(422).body("errors.field", hasItem(field.strip()));
    }

    @Test
    void anUnknownAddressOrParameterIsNoReservation() {
        given().get("/reservations/0").then().statusCode(422);
        given().get("/reservations/x").then().statusCode(422);
        given().get("/reservations?limit=0&colour=blue").then().statusCode(422).body("errors", hasSize(2));
        given().get("/reservations?continue=x").then().statusCode(422);
        given().get("/reservations/" + port() + "?dryRun=true").then().statusCode(422);
    }

    @Test
    void anotherProtocolIsAnotherPort() {
        post("{\"holder\": \"dns\", \"port\": %d, \"protocol\": \"udp\"}".formatted(port()))
                .statusCode(201)
                .header("Location", "/reservations/" + port() + "?protocol=udp")
                .body("enforcement", equalTo("Held"));
        try {
            given().get("/reservations/" + port()).then().statusCode(404);
            given().get("/ports/%d?protocol=udp".formatted(port()))
                    .then()
                    .body("state", equalTo("Reserved"))
                    .body("holders", hasSize(0));
            given().get("/ports?protocol=udp")
                    .then()
                    .body("items.findAll { it.port == %d }.state".formatted(port()), not(hasItem("InUse")));
        } finally {
            given().delete("/reservations/%d?protocol=udp".formatted(port()))
                    .then()
                    .statusCode(200);
        }
    }
}
