package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import dev.berth.testing.FreePorts;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class WatchHttpTest {
    private static final String WEB = "/namespaces/watch-test/services/web";

    @TestHTTPResource("/watch")
    URI address;

    private final List<Listening> open = new ArrayList<>();

    @AfterEach
    void leaveNothingBehind() throws Exception {
        for (Listening each : open) {
            each.body.close();
        }
        given().delete(WEB);
    }

    /** What came, each message as one text. */
    private static final class Listening {
        private final InputStream body;
        private final List<String> messages = new CopyOnWriteArrayList<>();

        Listening(HttpResponse<InputStream> answer) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            body = answer.body();
            Thread reader = new Thread(() -> {
                try (Scanner scanner = new Scanner(body, StandardCharsets.UTF_8).useDelimiter("\n\n")) {
                    scanner.forEachRemaining(messages::add);
                }
            });
            reader.setDaemon(true);
            reader.start();
        }

        String message(String... parts) {
            await().until(() -> messages.stream().anyMatch(each -> hasAll(each, parts)));
            return messages.stream()
                    .filter(each -> hasAll(each, parts))
                    .findFirst()
                    .orElseThrow();
        }

        private static boolean hasAll(String message, String... parts) {
            return List.of(parts).stream().allMatch(message::contains);
        }
    }

    private Listening watch(String query, Map<String, String> headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + query));
        headers.forEach(request::header);
        Listening listening = new Listening(
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
        open.add(listening);
        return listening;
    }

    private static void declare(int port) {
        given().contentType("application/json")
                .body("{\"port\": " + port + "}")
                .put(WEB)
                .then()
                .statusCode(org.hamcrest.Matchers.lessThan(300));
    }

    private static String id(String message) {
        return message.lines()
                .filter(line -> line.startsWith("id:"))
                .findFirst()
                .orElseThrow()
                .substring(3)
                .trim();
    }

    @Test
    void tellsWhatIsThereAndThenWhatChangesAndResumes() throws Exception {
        int first = FreePorts.take();
        declare(first);
        Listening live = watch("?kind=Service", Map.of());

        assertThat(live.message("added", "\"web\"", "\"port\":" + first)).doesNotContain("id:");
        String bookmark = id(live.message("bookmark"));

        int second = FreePorts.take();
        declare(second);
        String changed = live.message("modified", "\"port\":" + second, "watch-test");
        assertThat(Long.parseLong(id(changed))).isGreaterThan(Long.parseLong(bookmark));
        given().delete(WEB);
        live.message("deleted", "\"web\"");

        Listening again = watch("?resourceVersion=0", Map.of("Last-Event-ID", bookmark));
        again.message("modified", "\"port\":" + second, "watch-test");
        again.message("deleted", "\"web\"");
        assertThat(again.messages)
                .noneMatch(each -> each.contains("event:added") && each.contains("\"port\":" + first));
        assertThat(watch("?kind=Reservation&resourceVersion=" + bookmark, Map.of())
                        .message("bookmark"))
                .contains("id:" + bookmark);
    }

    @Test
    void whatCanNotBeWatchedIsSaid() {
        given().get("/watch?resourceVersion=999999999999")
                .then()
                .statusCode(410)
                .body("detail", containsString("another database"));
        given().get("/watch?kind=Eviction&resourceVersion=-1")
                .then()
                .statusCode(422)
                .body("errors.size()", org.hamcrest.Matchers.is(2));
        given().header("Last-Event-ID", "yesterday").get("/watch").then().statusCode(422);
    }
}
