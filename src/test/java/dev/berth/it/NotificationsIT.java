package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.notify.Receiver;
import dev.berth.testing.Children;
import dev.berth.testing.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon is killed while a receiver of notifications is away: what was promised arrives all the same. */
class NotificationsIT {
    private static final int CONFLICTS = 5;
    private static final String SECRET = "not-to-be-seen-0123456789";

    @TempDir
    Path directory;

    @Test
    void whatWasNotDeliveredWhenItWasKilledIsDeliveredAfterwards() throws Exception {
        int hook = FreePorts.take();
        try (Children children = new Children();
                Berth berth = Berth.start(directory)) {
            assertThat(berth.patch("/settings", """
                            {"notifications": {"allow": ["127.0.0.1:%d"], "webhooks": [
                              {"name": "ci", "url": "http://127.0.0.1:%d/", "secret": "%s", "minSeverity": "low"}]}}
                            """.formatted(hook, hook, SECRET))
                            .status())
                    .isEqualTo(200);
            await().atMost(Berth.PATIENCE)
                    .until(() ->
                            berth.get("/notifications").body().path("items").size() == 1);
            Set<String> ids = new TreeSet<>();
            for (int i = 0; i < CONFLICTS; i++) {
                int port = FreePorts.take();
                Process stranger = children.startReady(Holder.command(Integer.toString(port), "gentle"))
                        .process();
                assertThat(stranger.isAlive()).isTrue();
                String service = "lost-" + i;
                String spec = "{\"port\": %d, \"alternativePorts\": [%d], \"strategy\": \"conservative\"}"
                        .formatted(port, FreePorts.take());
                assertThat(berth.put("/services/" + service, spec).status()).isEqualTo(201);
                ids.add(berth.settledConflict(service).path("id").asText());
            }

            berth.killNine();
            try (Receiver receiver = new Receiver(hook)) {
                berth.launch();
                await().atMost(Berth.PATIENCE)
                        .untilAsserted(() -> assertThat(resolved(receiver)).isEqualTo(ids));
                assertThat(receiver.got())
                        .allSatisfy(each ->
                                assertThat(each.header("Berth-Signature")).startsWith("t="));
                await().atMost(Berth.PATIENCE)
                        .until(() -> berth.get("/notifications")
                                        .body()
                                        .path("items")
                                        .path(0)
                                        .path("behind")
                                        .asInt()
                                == 0);
                int before = receiver.got().size();

                // What was acknowledged is not told again.
                berth.killNine();
                berth.launch();
                assertThat(berth.get("/notifications").status()).isEqualTo(200);
                await().atMost(Berth.PATIENCE)
                        .until(() -> berth.get("/notifications")
                                        .body()
                                        .path("items")
                                        .path(0)
                                        .path("behind")
                                        .asInt()
                                == 0);
                assertThat(receiver.got()).hasSize(before);
            }
            assertThat(berth.log()).doesNotContain(SECRET);
            assertThat(Files.readString(directory.resolve("data").resolve("notifications.json")))
                    .doesNotContain(SECRET);
        }
    }

    private static Set<String> resolved(Receiver receiver) {
        return receiver.got().stream()
                .filter(each -> text(each, "type").equals("ConflictResolved"))
                .map(each -> text(each, "id").split("/")[1])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String text(Receiver.Got got, String field) {
        try {
            return new ObjectMapper().readTree(got.body()).path(field).asText();
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }
}
