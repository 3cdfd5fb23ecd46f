package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent: a client error with the reason, nothing changed, never a server error. */
@QuarkusTest
class BadInputHttpTest {
    private static final String SERVICE = "/namespaces/bad-input/services/backend";

    @TestHTTPResource("/")
    URL base;

    static Stream<Arguments> badBodies() {
        String deep = "[".repeat(100_000);
        return Stream.of(
                Arguments.of("application/json", "", 400),
                Arguments.of("application/json", "   ", 400),
                Arguments.of("application/json", "{", 400),
                Arguments.of("application/json", "null", 422),
                Arguments.of("application/json", "[]", 422),
                Arguments.of("application/json", "\"port\"", 422),
                Arguments.of("application/json", "{\"port\": 8000} trailing", 400),
                Arguments.of("application/json", "{\"port\": 1, \"port\": 2}", 400),
                Arguments.of("application/json", "{\"port\": \"8000\"}", 422),
                Arguments.of("application/json", "{\"port\": 0}", 422),
                Arguments.of("application/json", "{\"port\": 65536}", 422),
                Arguments.of("application/json", "{\"port\": -1}", 422),
                Arguments.of("application/json", "{\"port\": 80.5}", 422),
                Arguments.of("application/json", "{\"port\": 1e400000000}", 422),
                Arguments.of("application/json", "{\"port\": 1" + "0".repeat(5000) + "}", 400),
                Arguments.of("application/json", "{\"port\": {}}", 422),
                Arguments.of("application/json", "{\"alternativePorts\": [1, 1]}", 422),
                Arguments.of("application/json", "{\"portRange\": \"9100-9000\"}", 422),
                Arguments.of("application/json", "{\"strategy\": \"clever\"}", 422),
                Arguments.of("application/json", "{\"colour\": \"blue\"}", 422),
                Arguments.of("application/json", "{\"kind\": \"Pod\", \"spec\": {}}", 422),
                Arguments.of("application/json", "{\"kind\": \"Service\"}", 422),
                Arguments.of(
                        "application/json",
                        "{\"kind\": \"Service\", \"metadata\": {\"name\": \"other\"}, \"spec\": {}}",
                        422),
                Arguments.of("application/json", "{\"command\": \"a\\u0000b\"}", 400),
                Arguments.of("application/json", "{\"command\": \"\\ud800\"}", 400),
                Arguments.of("application/json", deep, 400),
                Arguments.of("application/json", "{\"processPatterns\": [\"" + "(".repeat(500) + "\"]}", 422),
                Arguments.of("application/json", "{\"processPatterns\": [\"(a+)+$" + "x".repeat(600) + "\"]}", 422),
                Arguments.of("application/yaml", "port: [", 400),
                Arguments.of("application/yaml", "a: &a [*a]", 400),
                Arguments.of("application/yaml", "port: !!java.net.URL 'http://x'", 400),
                Arguments.of("application/yaml", "port: 1\n---\nport: 2\n", 400),
                Arguments.of("application/yaml", "port: 1\nport: 2\n", 400),
                Arguments.of("application/yaml", deep, 400),
                Arguments.of("text/yaml", "port: x", 422));
    }

    @ParameterizedTest
    @MethodSource("badBodies")
    void badBodiesChangeNothing(String type, String body, int status) {
        String before = ServicesHttpTest.resourceVersion();
        for (String query : new String[] {"", "?dryRun=true"}) {
            given().contentType(type)
                    .body(body.getBytes(StandardCharsets.UTF_8))
                    .put(SERVICE + query)
                    .then()
                    .statusCode(status)
                    .contentType("application/problem+json")
                    .body("status", equalTo(status))
                    .body("title", not(equalTo(null)))
                    .body("detail", not(containsString("Exception")))
                    .body("detail", not(containsString("com.fasterxml")));
        }
        assertThat(ServicesHttpTest.resourceVersion()).isEqualTo(before);
        given().get(SERVICE).then().statusCode(404);
    }

    @Test
    void everyFaultIsListed() {
        given().contentType(ContentType.JSON)
                .body("{\"port\": 0, \"alternativePorts\": [\"x\"], \"strategy\": \"clever\", \"prt\": 1}")
                .put(SERVICE)
                .then()
                .statusCode(422)
                .body("errors.field", hasItems("port", "alternativePorts[0]", "strategy", "prt"))
                .body("errors.size()", equalTo(4))
                .body("errors.find { it.field == 'port' }.given", equalTo("0"))
                .body("errors.find { it.field == 'prt' }.message", containsString("did you mean \"port\""));
    }

    @Test
    void malformedTextTellsLineAndColumn() {
        given().contentType(ContentType.JSON)
                .body("{\n  \"port\": x\n}")
                .put(SERVICE)
                .then()
                .statusCode(400)
                .body("detail", containsString("line 2, column"));
    }

    @Test
    void invalidUtf8IsRefused() {
        given().contentType("application/json")
                .body(new byte[] {'{', '"', (byte) 0xc3, '"', ':', '1', '}'})
                .put(SERVICE)
                .then()
                .statusCode(400)
                .body("detail", containsString("UTF-8"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/conflicts?since=-999999999-01-01T00:00:00Z",
                "/audit?since=-999999999-01-01T00:00:00Z",
                "/audit?since=%2B999999999-12-31T23:59:59Z",
                "/reports/conflicts?since=-999999999-01-01T00:00:00Z"
            })
    void aTimeBeyondEveryRecordIsATime(String address) {
        given().urlEncodingEnabled(false).get(address).then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /services/Not_A_Name, 422",
        "PUT, /services/-a, 422",
        "PUT, /services/a%2Fb, 422",
        "PUT, /namespaces/No_Such/services/a, 422",
        "GET, /services/Not_A_Name, 404",
        "GET, /namespaces/No_Such/services, 404",
        "GET, /services/nobody, 404",
        "GET, /nowhere, 404",
        "GET, /services/a/b/c, 404",
        "POST, /services, 405",
        "PATCH, /ports/8000, 405",
        "DELETE, /audit, 405",
        "GET, /ports/0, 422",
        "GET, /ports/65536, 422",
        "GET, /ports/99999999999, 422",
        "GET, /ports/http, 422",
        "GET, /ports/-1, 422",
        "GET, /ports?protocol=sctp, 422",
        "GET, /ports?all=maybe, 422",
        "POST, /ports/0/free, 422",
        "POST, /ports/8000/free?grace=soon, 422",
        "POST, /ports/8000/free?grace=999999999999d, 422",
        "POST, /ports/8000/free?force=yes, 422",
        "POST, /ports/8000/free?forse=true, 422",
        "GET, /services?limit=0, 422",
        "GET, /services?limit=501, 422",
        "GET, /services?limit=many, 422",
        "GET, /services?limit=99999999999999999999, 422",
        "GET, /services?limit=1&limit=2, 422",
        "GET, /services?continue=!!!, 422",
        "GET, /services?labelSelector=a b, 422",
        "GET, /conflicts?state=Angry, 422",
        "GET, /conflicts?since=yesterday, 422",
        "GET, /conflicts?since=999999999999d, 422",
        "GET, /conflicts?service=a/b/c, 422",
        "GET, /conflicts?port=0, 422",
        "GET, /conflicts/nobody, 404",
        "POST, /conflicts/nobody/approve, 404",
        "POST, /conflicts/nobody/dismiss, 404",
        "GET, /audit?before=-1, 422",
        "GET, /audit?before=x, 422",
        "GET, /audit?colour=blue, 422",
        "GET, /export?all=true, 422",
        "GET, /sources?limit=x, 422",
        "GET, /schema.json?x=1, 422",
        "GET, /settings?source=REST, 422",
        "GET, /import?format=env, 405",
        "DELETE, /settings, 405",
        "POST, /export, 405",
        "POST, /services/nobody/start, 404",
        "DELETE, /services/nobody, 404",
    })
    void badAddressesAreRefused(String method, String address, int status) {
        String before = ServicesHttpTest.resourceVersion();
        var request = given().urlEncodingEnabled(false);
        if (method.equals("PUT")) {
            request.contentType(ContentType.JSON).body("{}");
        }
        Response response = request.request(method, address.replace(" ", "%20"));
        response.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("detail.size()", greaterThan(10))
                .body("detail", not(containsString("Exception")));
        assertThat(ServicesHttpTest.resourceVersion()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/xml", "application/octet-stream", "garbage", "a/b; c"})
    void otherContentTypesAreRefused(String type) {
        Response response = given().header("Content-Type", type)
                .body("port: 1".getBytes(StandardCharsets.UTF_8))
                .put(SERVICE);
        assertThat(response.statusCode()).isIn(400, 415);
        given().get(SERVICE).then().statusCode(404);
    }

    @Test
    void whatCantBeWrittenIsNotAcceptable() {
        for (String address : new String[] {
            "/services", "/ports", "/conflicts", "/audit", "/settings", "/audit/verify", "/export", "/sources"
        }) {
            given().accept("image/png").get(address).then().statusCode(406).contentType("application/problem+json");
        }
    }

    @Test
    void forAShellAnErrorIsASentence() {
        given().accept("text/plain")
                .contentType(ContentType.JSON)
                .body("{\"port\": 0}")
                .put(SERVICE)
                .then()
                .statusCode(422)
                .contentType(ContentType.TEXT)
                .body(containsString("port: a port is a whole number from 1 to 65535"));
        given().accept("text/plain").get("/nowhere").then().statusCode(404).contentType(ContentType.TEXT);
    }

    @Test
    void bodiesOfMoreThanFourMegabytesAreTooLarge() {
        byte[] large = new byte[5 * 1024 * 1024];
        java.util.Arrays.fill(large, (byte) ' ');
        given().contentType(ContentType.JSON)
                .body(large)
                .put(SERVICE)
                .then()
                .statusCode(413)
                .contentType("application/problem+json");
    }

    @Test
    void chunkedBodiesOfMoreThanFourMegabytesAreTooLarge() throws IOException {
        String head = "PUT " + SERVICE + " HTTP/1.1\r\nHost: localhost:" + base.getPort()
                + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertThat(raw(head, 5)).startsWith("HTTP/1.1 413");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /services HTTP/1.1\r\n\r\n",
                "GET /services HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                "GET /services HTTP/1.1\r\nHost: localhost:PORT\r\nHost: evil.example\r\n\r\n",
                "GET http://localhost:PORT/services HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
                "GET /q/health/../../services HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                "GET /q/health/%2e%2e/%2e%2e/services HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                "GET //services HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                "GET /services/% HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
                "GET /services/%ff%fe HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
                "GET /services/%00 HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
                "GET /services?limit=%zz HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
                "GET /services?%ff=%ff HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
                "GET /services HTTP/1.1\r\nHost: localhost:PORT\r\nAccept: garbage\r\n\r\n",
                "GET /services HTTP/1.1\r\nHost: localhost:PORT\r\nAccept: a/b;q=x\r\n\r\n",
                "PUT /services/a HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Type: /\r\nContent-Length: 2\r\n\r\n{}",
                "PUT /services/a HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Type: application/json\r\nIf-Match: \"\r\n"
                        + "Content-Length: 2\r\n\r\n{}",
                "PUT /services/a HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: -1\r\n\r\n",
                "FOO /services HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
                "nonsense\r\n\r\n",
            })
    void malformedRequestsAreClientErrors(String request) throws IOException {
        String answer = raw(request.replace("PORT", Integer.toString(base.getPort())), 0);
        assertThat(answer)
                .startsWith("HTTP/1.")
                .contains(" 4")
                .doesNotContain("Exception", "\"items\"", "HTTP/1.1 2", "HTTP/1.1 5");
    }

    /** Sends the text, then so many chunks of a megabyte, and returns the beginning of the answer. */
    private String raw(String request, int chunks) throws IOException {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            try {
                for (int i = 0; i < chunks; i++) {
                    socket.getOutputStream().write("100000\r\n".getBytes(StandardCharsets.US_ASCII));
                    socket.getOutputStream().write(new byte[0x100000]);
                    socket.getOutputStream().write("\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException answeredAlready) {
                // The answer came before everything was sent; it is read below.
                assertThat(chunks).isPositive();
            }
            byte[] answer = new byte[4096];
            int length = socket.getInputStream().read(answer);
            return new String(answer, 0, Math.max(0, length), StandardCharsets.UTF_8);
        }
    }
}
