package dev.berth.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class PageHttpTest {
    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    /** In all, and not compressed. */
    private static final int MOST_BYTES = 150 * 1000;

    private static final Pattern PARTS = Pattern.compile("(?:src|href)=\"/page/([^\"]+)\"|from \"\\./([^\"]+)\"");

    @ParameterizedTest
    @ValueSource(strings = {BROWSER, "text/html", "*/*"})
    void whoTakesHtmlIsGivenThePage(String accept) {
        given().accept(accept)
                .get("/")
                .then()
                .statusCode(200)
                .contentType("text/html; charset=utf-8")
                .header("Vary", containsString("Accept"))
                .header("Cache-Control", "no-cache")
                .header("Content-Security-Policy", startsWith("default-src 'self';"))
                .body(containsString("<title>Berth</title>"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "application/yaml"})
    void everybodyElseIsAnsweredAsEver(String accept) {
        given().accept(accept).get("/").then().statusCode(404).body(containsString("/openapi lists what there is"));
    }

    @Test
    void aFileThatIsStillTheSameIsNotSentAgain() {
        Response first = given().get("/page/app.js");
        first.then().statusCode(200).contentType("text/javascript; charset=utf-8");
        given().header("If-None-Match", first.header("ETag"))
                .get("/page/app.js")
                .then()
                .statusCode(304)
                .body(equalTo(""));
        given().header("If-None-Match", "\"of-another-version\"")
                .get("/page/app.js")
                .then()
                .statusCode(200);
    }

    @Test
    void itIsPackedForThoseWhoTakeItSo() throws IOException, InterruptedException {
        // The test's own client would unpack it unseen.
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/page/app.js"));
        HttpResponse<byte[]> plain = http.send(request.copy().build(), HttpResponse.BodyHandlers.ofByteArray());
        HttpResponse<byte[]> packed = http.send(
                request.copy().header("Accept-Encoding", "deflate, gzip, br").build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(packed.headers().firstValue("ETag"))
                .isEqualTo(plain.headers().firstValue("ETag"));
        assertThat(packed.headers().allValues("Vary")).contains("Accept-Encoding");
        try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(unpacked.readAllBytes()).isEqualTo(plain.body());
        }
    }

    @Test
    void headTellsOfThePageWithoutSendingIt() {
        given().accept(BROWSER).head("/").then().statusCode(200).contentType("text/html; charset=utf-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/page/no-such.js",
                "/page/PageFiles.class",
                "/page/../page/..%2fPageFiles.class",
                "/page/%2e%2e/app/Main.class",
                "/page/",
                "/page/base.css/",
                "/page/Base.css"
            })
    void nothingElseIsServed(String path) {
        given().urlEncodingEnabled(false).accept(BROWSER).get(path).then().statusCode(404);
    }

    @Test
    void onlyReadingIsAnswered() {
        given().accept(BROWSER).post("/").then().statusCode(404);
    }

    /** Follows every reference from the page on, so nothing is forgotten and nothing is missing. */
    @Test
    void allOfItIsSmallAndThere() throws IOException {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(Set.of(PageFiles.INDEX));
        int bytes = 0;
        while (!open.isEmpty()) {
            String name = open.pop();
            if (!seen.add(name)) {
                continue;
            }
            String text = read(name);
            bytes += text.getBytes(StandardCharsets.UTF_8).length;
            PARTS.matcher(text)
                    .results()
                    .map(part -> part.group(1) == null ? part.group(2) : part.group(1))
                    .forEach(open::push);
        }
        assertThat(seen).contains("app.js", "watch.js", "base.css", "berth.svg");
        assertThat(bytes).as("bytes of " + seen).isLessThan(MOST_BYTES);
    }

    /** What the machine says is text and never markup, and nothing that a strict policy forbids is used. */
    @Test
    void noScriptMakesMarkupOfText() throws IOException {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(Set.of("app.js"));
        while (!open.isEmpty()) {
            String name = open.pop();
            if (seen.add(name)) {
                String text = read(name);
                assertThat(text)
                        .as(name)
                        .doesNotContainPattern(
                                "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|DOMParser|srcdoc");
                PARTS.matcher(text).results().forEach(part -> open.push(part.group(2)));
            }
        }
        assertThat(read("index.html"))
                .doesNotContain("style=")
                .doesNotContainPattern("<script(?![^>]*src=)|\\son\\w+=");
    }

    private static String read(String name) throws IOException {
        try (InputStream stream = PageFiles.class.getResourceAsStream(name)) {
            assertThat(stream).as("the file " + name).isNotNull();
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
