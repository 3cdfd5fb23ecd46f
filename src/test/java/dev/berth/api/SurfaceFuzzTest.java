package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Actor;
import dev.berth.model.AuditRecord;
import dev.berth.model.ServiceKey;
import dev.berth.store.Store;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Walks every call of the OpenAPI document with hostile input from a seed: no server error, no hang, nothing changed by what
 * was refused, no growing memory. {@code -Dberth.fuzz.seconds=600} looks longer, {@code -Dberth.fuzz.seed=N} again.
 */
@QuarkusTest
class SurfaceFuzzTest {
    private static final Duration SPAN = Duration.ofSeconds(Long.getLong("berth.fuzz.seconds", 15));
    private static final long SEED = Long.getLong("berth.fuzz.seed", 6);

    /** Generous: noisy cores. A hang has no end. */
    private static final int PATIENCE_MILLIS = 60_000;

    /** What a run may leave in memory: caches, journal, records of what was accepted. */
    private static final long MOST_GROWTH = 128L << 20;

    @TestHTTPResource("/")
    URL base;

    @Inject
    Backend backend;

    private final Set<ServiceKey> there = new HashSet<>();

    private record Answer(int status, String head) {}

    @AfterEach
    void tidyUp() {
        given().contentType(ContentType.JSON).body("{}").put("/settings");
        backend.registry().services().stream()
                .map(service -> service.key())
                .filter(key -> !there.contains(key))
                .forEach(key -> given().delete("/namespaces/" + key.namespace() + "/services/" + key.name()));
        backend.registry().reservations().stream()
                .filter(each -> each.holder().equals("fuzz"))
                .forEach(each -> given().queryParam(
                                "protocol", each.port().protocol().name().toLowerCase(Locale.ROOT))
                        .delete("/reservations/" + each.port().port()));
        backend.registry().tokens().stream()
                .filter(each -> each.name().startsWith("fuzz"))
                .forEach(each -> given().delete("/tokens/" + each.name()));
    }

    @Test
    void nothingThatIsSentBreaksIt() throws Exception {
        List<HostileRequests.Call> calls = HostileRequests.calls(
                given().accept(ContentType.JSON).get("/openapi").jsonPath());
        assertThat(calls).hasSizeGreaterThan(40);
        backend.registry().services().forEach(service -> there.add(service.key()));
        try (FailureLog log = FailureLog.open()) {
            walk(calls);
            assertThat(log.lines()).as("a client's faults are not Berth's").isEmpty();
        }
        given().get("/services").then().statusCode(200);
    }

    private void walk(List<HostileRequests.Call> calls) throws Exception {
        HostileRequests requests = new HostileRequests(new Random(SEED), base.getPort(), calls);
        long end = System.nanoTime() + SPAN.toNanos();
        long heap = 0;
        int sent = 0;
        do {
            HostileRequests.Request request = requests.next();
            long before = lastAct();
            Answer answer = send(request);
            String what = "request " + sent + " of seed " + SEED + ": " + request;
            assertThat(answer.status()).as(what + "\n" + answer.head()).isBetween(200, isHealth(request) ? 503 : 499);
            if (answer.status() >= 400 && !isWaitedFor(request)) {
                assertThat(lastAct())
                        .as("a refused call did something: " + what)
                        .isEqualTo(before);
                assertThat(answer.head()).as(what).doesNotContain("Exception", "\tat ");
            }
            if (sent++ == 2 * calls.size()) {
                heap = used();
            }
        } while (System.nanoTime() < end || sent < 2 * calls.size() + 2);
        assertThat(used() - heap).as("bytes that " + sent + " requests left").isLessThan(MOST_GROWTH);
    }

    /** What comes with a stack is meant as a defect of Berth. */
    /** A service's health is told by the status too, as load balancers and scripts want it. */
    private static boolean isHealth(HostileRequests.Request request) {
        return request.text().lines().findFirst().orElseThrow().contains("/health");
    }

    /** What was asked for was accepted and recorded, and then didn't come about in time. */
    private static boolean isWaitedFor(HostileRequests.Request request) {
        return request.text().lines().findFirst().orElseThrow().contains("wait");
    }

    /** The newest record of what a person did. */
    private long lastAct() throws Exception {
        return backend
                .store()
                .audit(new Store.AuditQuery(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        100))
                .stream()
                .filter(record -> record.entry().actor().kind() == Actor.Kind.USER)
                .mapToLong(AuditRecord::seq)
                .max()
                .orElse(0);
    }

    private Answer send(HostileRequests.Request request) throws IOException {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                socket.getOutputStream().write(request.bytes());
            } catch (IOException refusedMeanwhile) {
                // The answer came before everything was sent, and is read below.
            }
            byte[] head = new byte[4096];
            int length = socket.getInputStream().read(head);
            String text = new String(head, 0, Math.max(0, length), StandardCharsets.UTF_8);
            assertThat(text).as("the answer to " + request).startsWith("HTTP/1.");
            return new Answer(Integer.parseInt(text.substring(9, 12)), text);
        }
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int times = 0; times < 3; times++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
