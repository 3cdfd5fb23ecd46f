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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class PageHttpTest {
    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    /** In all, and not compressed. */
    private static final int MOST_BYTES = 150 * 1000;

    private static final Pattern PARTS = Pattern.compile("(?:src|href)=\"/page/([^\"]+)\"");

    private static final Pattern MODULE = Pattern.compile("^const (\\w+)_js = ", Pattern.MULTILINE);

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

    /** What a browser asks for, and that no module is forgotten. */
    @Test
    void allOfItIsSmallAndThere() throws IOException {
        String index = get("/");
        Set<String> parts = PARTS.matcher(index)
                .results()
                .map(part -> part.group(1))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        assertThat(parts).containsExactlyInAnyOrder("berth.js", "berth.css", "berth.svg");
        int bytes = index.getBytes(StandardCharsets.UTF_8).length
                + parts.stream()
                        .mapToInt(part -> get("/page/" + part).getBytes(StandardCharsets.UTF_8).length)
                        .sum();
        assertThat(bytes).as("bytes of the page with " + parts).isLessThan(MOST_BYTES);
        assertThat(MODULE.matcher(get("/page/berth.js"))
                        .results()
                        .map(module -> module.group(1).replace('_', '-') + ".js"))
                .containsExactlyInAnyOrderElementsOf(modules());
    }

    /** What the machine says is text and never markup, and nothing that a strict policy forbids is used. */
    @Test
    void noScriptMakesMarkupOfText() {
        assertThat(get("/page/berth.js"))
                .doesNotContainPattern(
                        "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|DOMParser|srcdoc");
        assertThat(get("/")).doesNotContain("style=").doesNotContainPattern("<script(?![^>]*src=)|\\son\\w+=");
    }

    private static String get(String path) {
        Response answer = given().accept(BROWSER).get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.asString();
    }

    /** As they lie in the source. */
    private static List<String> modules() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/dev/berth/web"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".js"))
                    .toList();
        }
    }
}
