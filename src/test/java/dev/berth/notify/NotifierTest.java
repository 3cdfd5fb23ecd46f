package dev.berth.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.model.Conflict;
import dev.berth.model.ConflictHolder;
import dev.berth.model.DecisionKind;
import dev.berth.model.HolderKind;
import dev.berth.model.PortKey;
import dev.berth.model.Secret;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceState;
import dev.berth.model.ServiceStatus;
import dev.berth.model.Severity;
import dev.berth.model.Webhook;
import dev.berth.store.ChangeSet;
import dev.berth.store.JournalRegistry;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoredSamples;
import dev.berth.testing.FreePorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifierTest {
    private static final Secret SECRET = new Secret("0123456789abcdef-secret");
    private static final Pace QUICK =
            new Pace(4, Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMillis(700), Duration.ofDays(1));
    private static final Damping FLAPPING = new Damping(4, Duration.ofMinutes(10), Duration.ofMinutes(5));
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final MemoryStore store = new MemoryStore();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    /** How far the time of Berth is ahead. */
    private volatile Duration ahead = Duration.ZERO;

    private volatile Damping damping = FLAPPING;
    private final InstantSource clock = () -> Instant.now().plus(ahead);
    private JournalRegistry registry;
    private Notifier notifier;

    private void start(List<Webhook> webhooks) throws Exception {
        start(webhooks, false);
    }

    private void start(List<Webhook> webhooks, boolean inMemory) throws Exception {
        registry = JournalRegistry.open(store, clock, System::nanoTime, Runnable::run);
        notifier = Notifier.open(
                new Notifier.Around(
                        registry,
                        store,
                        inMemory,
                        QUICK,
                        () -> damping,
                        clock,
                        RandomGenerator.getDefault(),
                        warnings::add),
                () -> new AllowList(List.of("127.0.0.1")),
                System::nanoTime,
                threads,
                Optional.of(directory.resolve("notifications.json")));
        notifier.configure(webhooks);
    }

    @AfterEach
    void end() {
        if (notifier != null) {
            notifier.close();
        }
        threads.shutdownNow();
    }

    private static Webhook hook(String name, String url) {
        return new Webhook(name, URI.create(url), Optional.of(SECRET), Webhook.Format.JSON, Severity.MEDIUM);
    }

    private static Conflict conflict(String id, Severity severity, Conflict.State state) {
        return new Conflict(
                id,
                ServiceKey.parse("default/web"),
                PortKey.tcp(8000),
                severity,
                "it can't move",
                state,
                new ConflictHolder(
                        HolderKind.FOREIGN,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("server --password=hunter2"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "server --password=hunter2"),
                "aggressive",
                DecisionKind.TERMINATE,
                "held by server --password=hunter2",
                List.of(),
                Instant.parse("2030-01-01T00:00:00Z"),
                Optional.empty(),
                0);
    }

    private void commit(String id, Severity severity, Conflict.State... states) throws Exception {
        for (Conflict.State state : states) {
            Conflict next = conflict(id, severity, state);
            long version = registry.conflict(id).map(Conflict::resourceVersion).orElse(0L);
            registry.commit(
                    ChangeSet.builder().put(next.withResourceVersion(version)).build());
        }
    }

    private static List<String> types(Receiver receiver) {
        return receiver.got().stream().map(each -> json(each.body(), "type")).toList();
    }

    private static String json(String body, String field) {
        try {
            return new ObjectMapper().readTree(body).path(field).asText();
        } catch (java.io.IOException wrong) {
            throw new java.io.UncheckedIOException(wrong);
        }
    }

    private static void awaitTypes(Receiver receiver, String... types) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(types(receiver)).containsExactly(types));
    }

    @Test
    void aConflictIsToldOnceInEachOfItsStates() throws Exception {
        try (Receiver receiver = new Receiver(0)) {
            start(List.of(hook("team", receiver.url())));
            commit("c1", Severity.HIGH, Conflict.State.AWAITING_APPROVAL, Conflict.State.AWAITING_APPROVAL);
            commit("c0", Severity.LOW, Conflict.State.DETECTED);
            commit("c1", Severity.HIGH, Conflict.State.RESOLVING, Conflict.State.RESOLVED);

            awaitTypes(receiver, "ApprovalWanted", "ConflictDetected", "ConflictResolved");
            assertThat(receiver.got())
                    .allSatisfy(each -> assertThat(each.body())
                            .contains("\"service\":\"default/web\"", "\"severity\":\"high\"")
                            .doesNotContain("hunter2"));
            assertThat(notifier.status().get(0).delivered()).isEqualTo(3);
        }
    }

    @Test
    void theSignatureIsOfTimeAndBody() throws Exception {
        try (Receiver receiver = new Receiver(0)) {
            start(List.of(hook("team", receiver.url())));
            commit("c1", Severity.HIGH, Conflict.State.DETECTED);
            awaitTypes(receiver, "ConflictDetected");

            Receiver.Got got = receiver.got().get(0);
            String signature = got.header("Berth-Signature");
            String time = signature.replaceAll("t=([0-9]+),v1=.*", "$1");
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.value().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String wanted =
                    HexFormat.of().formatHex(mac.doFinal((time + "." + got.body()).getBytes(StandardCharsets.UTF_8)));
            assertThat(signature).isEqualTo("t=" + time + ",v1=" + wanted);
            assertThat(got.header("Berth-Event")).isEqualTo(json(got.body(), "id"));
        }
    }

    @Test
    void aFailingReceiverIsTriedAgainAndThenGivenUpAndTheNextIsTold() throws Exception {
        try (Receiver receiver = new Receiver(0)) {
            start(List.of(hook("team", receiver.url())));
            receiver.answer(500, Map.of(), 0);
            receiver.answer(429, Map.of("Retry-After", "0"), 10);
            commit("c1", Severity.HIGH, Conflict.State.DETECTED);
            awaitTypes(receiver, "ConflictDetected", "ConflictDetected", "ConflictDetected");
            assertThat(receiver.got())
                    .extracting(each -> each.header("Berth-Event"))
                    .containsOnly("conflict/c1/ConflictDetected");

            for (int i = 0; i < QUICK.attempts(); i++) {
                receiver.answer(503, Map.of(), 0);
            }
            commit("c2", Severity.HIGH, Conflict.State.DETECTED);
            commit("c3", Severity.HIGH, Conflict.State.DETECTED);
            await().atMost(PATIENCE).until(() -> notifier.status().get(0).delivered() == 2);
            assertThat(notifier.status().get(0).givenUp()).isEqualTo(1);
            assertThat(warnings)
                    .hasSize(1)
                    .allSatisfy(words ->
                            assertThat(words).contains("given up", "503").doesNotContain(SECRET.value()));
        }
    }

    @Test
    void aRedirectIsNotFollowedAndARefusalNotRepeated() throws Exception {
        try (Receiver elsewhere = new Receiver(0);
                Receiver receiver = new Receiver(0)) {
            start(List.of(hook("team", receiver.url())));
            receiver.answer(307, Map.of("Location", elsewhere.url()), 0);
            receiver.answer(410, Map.of(), 0);
            commit("c1", Severity.HIGH, Conflict.State.DETECTED);
            commit("c2", Severity.HIGH, Conflict.State.DETECTED);

            await().atMost(PATIENCE).until(() -> notifier.status().get(0).givenUp() == 2);
            assertThat(receiver.got()).hasSize(2);
            assertThat(elsewhere.got()).isEmpty();
        }
    }

    @Test
    void anEndlessAnswerAndASilentReceiverCostABoundedTime() throws Exception {
        try (Receiver receiver = new Receiver(0);
                ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            start(List.of(
                    hook("silent", "http://127.0.0.1:" + silent.getLocalPort() + "/"), hook("team", receiver.url())));
            receiver.answer(200, Map.of(), Long.MAX_VALUE / 2);
            commit("c1", Severity.HIGH, Conflict.State.DETECTED);
            commit("c2", Severity.HIGH, Conflict.State.DETECTED);

            awaitTypes(receiver, "ConflictDetected", "ConflictDetected");
            await().atMost(PATIENCE).until(() -> notifier.status().get(0).givenUp() == 2);
            assertThat(notifier.status().get(0).last().orElseThrow().result()).contains("no answer within");
        }
    }

    @Test
    void whatIsNotAllowedIsNotConnectedTo() throws Exception {
        try (Receiver receiver = new Receiver(0)) {
            start(List.of(hook("team", "http://localhost:" + receiver.port() + "/")));
            assertThat(notifier.test(Optional.empty()).get(0).delivered()).isFalse();
            assertThat(notifier.test(Optional.empty()).get(0).result()).contains("notifications.allow");
            assertThat(receiver.got()).isEmpty();
        }
    }

    @Test
    void whatWasCommittedWhileNobodyCouldBeToldIsToldByTheNextBerth() throws Exception {
        int port = FreePorts.take();
        Webhook hook = hook("team", "http://127.0.0.1:" + port + "/hook");
        start(List.of(hook));
        try (Receiver receiver = new Receiver(port)) {
            commit("c1", Severity.HIGH, Conflict.State.DETECTED);
            awaitTypes(receiver, "ConflictDetected");
            await().atMost(PATIENCE).until(() -> notifier.status().get(0).behind() == 0);
        }
        // As after kill -9: nothing is told of the end, and what comes next finds nobody.
        notifier.close();
        commit("c1", Severity.HIGH, Conflict.State.DETECTED, Conflict.State.RESOLVED);
        commit("c2", Severity.HIGH, Conflict.State.DETECTED);

        try (Receiver receiver = new Receiver(port)) {
            start(List.of(hook));
            awaitTypes(receiver, "ConflictResolved", "ConflictDetected");
        }
    }

    @Test
    void aWebhookLearnsOnlyWhatHappensAfterItWasSet() throws Exception {
        try (Receiver receiver = new Receiver(0)) {
            start(List.of());
            commit("c1", Severity.HIGH, Conflict.State.DETECTED);
            notifier.configure(List.of(hook("team", receiver.url())));
            commit("c2", Severity.HIGH, Conflict.State.DETECTED);
            awaitTypes(receiver, "ConflictDetected");
            assertThat(receiver.got().get(0).body()).contains("c2");
        }
    }

    private void commitService(ServiceState... states) throws Exception {
        commitService("web", states);
    }

    private void commitService(String name, ServiceState... states) throws Exception {
        for (ServiceState state : states) {
            Service service =
                    registry.service(ServiceKey.parse("default/" + name)).orElse(StoredSamples.service(name));
            ServiceStatus status = service.status();
            registry.commit(ChangeSet.builder()
                    .put(service.withStatus(new ServiceStatus(
                            state,
                            status.port(),
                            status.process(),
                            status.restarts(),
                            status.observedGeneration(),
                            status.conditions())))
                    .build());
        }
    }

    @Test
    void aServiceThatFlapsIsToldOnceAndOnceMoreWhenItIsSteadyAlsoByTheNextBerth() throws Exception {
        try (Receiver receiver = new Receiver(0)) {
            Webhook hook = hook("team", receiver.url());
            start(List.of(hook));
            commitService(
                    ServiceState.FAILED,
                    ServiceState.RUNNING,
                    ServiceState.FAILED,
                    ServiceState.RUNNING,
                    ServiceState.FAILED,
                    ServiceState.RUNNING);
            awaitTypes(receiver, "ServiceDown", "ServiceRecovered", "ServiceDown", "ServiceFlapping");
            await().atMost(PATIENCE).until(() -> notifier.status().get(0).behind() == 0);

            notifier.close();
            start(List.of(hook));
            commitService(ServiceState.FAILED);
            ahead = FLAPPING.calm().plusSeconds(1);
            // Whatever happens, it looks what time it is.
            commit("c1", Severity.HIGH, Conflict.State.DETECTED);
            awaitTypes(
                    receiver,
                    "ServiceDown",
                    "ServiceRecovered",
                    "ServiceDown",
                    "ServiceFlapping",
                    "ServiceSteady",
                    "ConflictDetected");
            assertThat(json(receiver.got().get(4).body(), "title")).isEqualTo("default/web is steady again, failed");
        }
    }

    @Test
    void thatItIsSteadyIsToldWithoutAnythingElseHappening() throws Exception {
        try (Receiver receiver = new Receiver(0)) {
            damping = new Damping(4, FLAPPING.window(), Duration.ofMillis(300));
            start(List.of(hook("team", receiver.url())));
            commitService(ServiceState.FAILED, ServiceState.RUNNING, ServiceState.FAILED, ServiceState.RUNNING);
            awaitTypes(receiver, "ServiceDown", "ServiceRecovered", "ServiceDown", "ServiceFlapping", "ServiceSteady");
        }
    }

    @Test
    void ofTwoThatAreSteadyTheNextBerthTellsTheOneThatWasNotToldYet() throws Exception {
        try (Receiver receiver = new Receiver(0)) {
            Webhook hook = hook("team", receiver.url());
            start(List.of(hook));
            for (String name : List.of("web", "api")) {
                commitService(
                        name, ServiceState.FAILED, ServiceState.RUNNING, ServiceState.FAILED, ServiceState.RUNNING);
            }
            await().atMost(PATIENCE).until(() -> notifier.status().get(0).delivered() == 8);
            await().atMost(PATIENCE).until(() -> notifier.status().get(0).behind() == 0);

            receiver.answer(204, Map.of(), 0);
            receiver.answer(503, Map.of("Retry-After", "300"), 0);
            ahead = FLAPPING.calm().plusSeconds(1);
            commit("c1", Severity.HIGH, Conflict.State.DETECTED);
            await().atMost(PATIENCE)
                    .until(() -> notifier.status().get(0).pending().isPresent());
            notifier.close();

            start(List.of(hook));
            await().atMost(PATIENCE).until(() -> notifier.status().get(0).delivered() == 2);
            assertThat(receiver.got().stream().skip(8).map(each -> json(each.body(), "title")))
                    .containsExactly(
                            "default/web is steady again, up",
                            "default/api is steady again, up",
                            "default/api is steady again, up",
                            "conflict over port 8000: default/web wants it");
        }
    }

    @Test
    void thatItIsSteadyIsToldAfterDaysOfSleepToo() throws Exception {
        try (Receiver receiver = new Receiver(0)) {
            Webhook hook = hook("team", receiver.url());
            start(List.of(hook));
            commitService(ServiceState.FAILED, ServiceState.RUNNING, ServiceState.FAILED, ServiceState.RUNNING);
            awaitTypes(receiver, "ServiceDown", "ServiceRecovered", "ServiceDown", "ServiceFlapping");
            await().atMost(PATIENCE).until(() -> notifier.status().get(0).behind() == 0);
            notifier.close();

            ahead = QUICK.oldest().multipliedBy(3);
            start(List.of(hook));
            awaitTypes(receiver, "ServiceDown", "ServiceRecovered", "ServiceDown", "ServiceFlapping", "ServiceSteady");
        }
    }

    private void damaged(String severity, String changes) throws Exception {
        Files.writeString(directory.resolve("notifications.json"), """
                {"team": {"version": 0, "told": [], "down": {}, "flaps": {"uid-web": {
                  "severity": "%s", "since": 1, "count": 6, "facts": {"service": "default/web"}, "changes": [%s]}}}}
                """.formatted(severity, changes));
    }

    @Test
    void aSeverityThatThereIsNoneOfIsTakenForADamagedFile() throws Exception {
        damaged("URGENT", "{\"at\": 1, \"down\": true}");
        try (Receiver receiver = new Receiver(0)) {
            start(List.of(hook("team", receiver.url())));
            assertThat(warnings).singleElement().asString().contains("can't be read", "\"URGENT\"");
            commit("c1", Severity.HIGH, Conflict.State.DETECTED);
            awaitTypes(receiver, "ConflictDetected");
        }
    }

    @Test
    void aFlappingWithoutChangesIsPassedOver() throws Exception {
        damaged("HIGH", "");
        try (Receiver receiver = new Receiver(0)) {
            start(List.of(hook("team", receiver.url())));
            commit("c1", Severity.HIGH, Conflict.State.DETECTED);
            awaitTypes(receiver, "ConflictDetected");
            assertThat(warnings).isEmpty();
        }
    }

    @Test
    void aBerthThatKeepsNothingSaysSo() throws Exception {
        try (Receiver receiver = new Receiver(0)) {
            start(List.of(hook("team", receiver.url())), true);
            awaitTypes(receiver, "StoreInMemory");
        }
    }

    @Test
    void slackReadsATextInWhichNothingIsALink() throws Exception {
        Notice notice = new Notice(
                "x", "Test", Severity.HIGH, Instant.parse("2030-01-01T00:00:00Z"), "a <!channel> & b", "", Map.of());
        assertThat(Payload.of(notice, Webhook.Format.SLACK))
                .isEqualTo("{\"text\":\"[high] a &lt;!channel&gt; &amp; b\"}");
    }
}
