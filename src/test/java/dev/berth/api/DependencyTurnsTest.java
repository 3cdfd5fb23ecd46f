package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.berth.control.Declarations;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.HttpClientConfig;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A change that takes its time keeps nobody waiting but those who change the same namespace, and those not for ever. */
@QuarkusTest
class DependencyTurnsTest {
    private static final String SLOW = "turns-slow";
    private static final String QUICK = "turns-quick";

    /** Less than a call waits for its turn, so that an answer in time did not wait for one. */
    private static final int IN_TIME = 4_000;

    @Inject
    Backend backend;

    @AfterEach
    void remove() {
        for (String name : List.of("web", "db")) {
            given().delete("/namespaces/" + QUICK + "/services/" + name);
        }
    }

    @Test
    void aChangeOfAnotherNamespaceIsNotWaitedFor() {
        Lock busy = declarations().dependencies(SLOW);
        busy.lock();
        try {
            assertThat(post("""
                            {"services": {
                              "%1$s/db": {"command": "true", "running": false},
                              "%1$s/web": {"command": "true", "running": false, "dependsOn": ["db"]}}}
                            """.formatted(QUICK))).isEqualTo(200);
            assertThat(given().config(RestAssured.config().httpClient(inTime()))
                            .contentType(ContentType.JSON)
                            .body("{\"command\": \"true\", \"running\": false, \"dependsOn\": [\"db\"]}")
                            .put("/namespaces/" + QUICK + "/services/web")
                            .statusCode())
                    .isEqualTo(200);
        } finally {
            busy.unlock();
        }
    }

    @Test
    void aTurnThatDoesNotComeIsRefusedInWordsAndNothingIsDone() {
        DependencyTurns turns = new DependencyTurns(declarations(), Duration.ofMillis(1));
        Lock busy = declarations().dependencies(SLOW);
        busy.lock();
        try {
            HttpProblem refused = CompletableFuture.supplyAsync(() -> catchThrowableOfType(
                            HttpProblem.class,
                            () -> turns.in(List.of(QUICK, SLOW), () -> {
                                throw new AssertionError("done out of turn");
                            })))
                    .join();

            assertThat(refused.getStatusCode()).isEqualTo(503);
            assertThat(refused.getDetail()).contains(SLOW, "nothing was changed", "try again");
        } finally {
            busy.unlock();
        }
        // What had been taken before was given back.
        assertThat(declarations().dependencies(QUICK).tryLock()).isTrue();
        declarations().dependencies(QUICK).unlock();
    }

    private Declarations declarations() {
        return backend.control().declarations();
    }

    private static int post(String file) {
        return given().config(RestAssured.config().httpClient(inTime()))
                .contentType(ContentType.JSON)
                .body(file)
                .post("/apply")
                .statusCode();
    }

    private static HttpClientConfig inTime() {
        return HttpClientConfig.httpClientConfig().setParam("http.socket.timeout", IN_TIME);
    }
}
