package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.it.SharedMachine.Answer;
import dev.berth.it.SharedMachine.Way;
import dev.berth.it.SharedMachine.Who;
import dev.berth.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two users, an administrator and root on one machine, by the packaged program: who can do what to whose. */
class SharedMachineIT {
    private static final String ANNS = "/namespaces/ann/services/web";

    @TempDir
    static Path directory;

    private static SharedMachine machine;

    @BeforeAll
    static void start() throws IOException {
        machine = SharedMachine.start(directory, Map.of());
    }

    @AfterAll
    static void close() {
        if (machine != null) {
            machine.close();
        }
    }

    @AfterEach
    void tidy() {
        machine.get(Who.ROOT, "/status")
                .body()
                .path("services")
                .forEach(service -> machine.call(
                        Who.ROOT,
                        Way.SOCKET,
                        "DELETE",
                        "/namespaces/" + service.at("/metadata/namespace").asText() + "/services/"
                                + service.at("/metadata/name").asText(),
                        Optional.empty()));
        machine.get(Who.ROOT, "/tokens")
                .body()
                .path("items")
                .forEach(token -> machine.call(
                        Who.ROOT,
                        Way.SOCKET,
                        "DELETE",
                        "/tokens/" + token.path("name").asText(),
                        Optional.empty()));
    }

    private static Map<String, Object> spec() {
        return Map.of(
                "port",
                FreePorts.take(),
                "environment",
                Map.of("API_KEY", "anns-own-secret"),
                "workingDirectory",
                "/anns-own-secret/project");
    }

    private static JsonNode declareAnns(Way way) {
        Answer declared = machine.call(Who.ANN, way, "PUT", "/services/web", Optional.of(spec()));
        assertThat(declared.status()).as(declared.body().toString()).isEqualTo(201);
        return declared.body();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aUsersServiceIsTheirs(Way way) {
        JsonNode anns = declareAnns(way);
        assertThat(anns.at("/metadata/namespace").asText()).isEqualTo("ann");
        assertThat(anns.at("/metadata/owner/uid").asLong()).isEqualTo(Who.ANN.uid);
        int port = anns.at("/spec/port").asInt();

        refused(machine.call(Who.BEN, way, "PUT", ANNS, Optional.of(spec())));
        refused(machine.call(Who.BEN, way, "PUT", "/namespaces/ann/services/new", Optional.of(spec())));
        refused(machine.call(Who.BEN, way, "PATCH", ANNS, Optional.of(Map.of("port", 1))));
        for (String verb : List.of("start", "stop", "restart?dryRun=true")) {
            refused(machine.call(Who.BEN, way, "POST", ANNS + "/" + verb, Optional.empty()));
        }
        refused(machine.call(Who.BEN, way, "POST", "/namespaces/ann/services/stop", Optional.empty()));
        refused(machine.call(Who.BEN, way, "DELETE", ANNS, Optional.empty()));
        refused(machine.call(Who.BEN, way, "GET", ANNS + "/logs", Optional.empty()));
        refused(machine.call(Who.BEN, way, "GET", ANNS + "/env", Optional.empty()));
        refused(machine.call(
                Who.BEN,
                way,
                "POST",
                "/apply",
                Optional.of(Map.of("services", Map.of("mine", spec(), "ann/web", spec())))));
        refused(machine.call(Who.BEN, way, "PATCH", "/settings", Optional.of(Map.of("development", true))));
        // What a client says of itself is nothing.
        refused(machine.call(
                Who.BEN,
                way,
                "DELETE",
                ANNS,
                Optional.empty(),
                "X-Forwarded-User: root",
                "Remote-User: ann",
                "X-Forwarded-For: 127.0.0.1"));

        JsonNode still = machine.get(Who.ANN, "/services/web").body();
        assertThat(still.at("/metadata/resourceVersion").asText())
                .as("nothing of what was refused changed anything")
                .isEqualTo(machine.get(Who.ROOT, ANNS)
                        .body()
                        .at("/metadata/resourceVersion")
                        .asText());
        assertThat(still.at("/spec/port").asInt()).isEqualTo(port);
        assertThat(machine.get(Who.BEN, "/services").body().path("items")).isEmpty();
        assertThat(machine.call(Who.ANN, way, "DELETE", "/services/web", Optional.empty())
                        .status())
                .isEqualTo(200);
    }

    private static void refused(Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(403);
    }

    @Test
    void everybodyMayLookButNotAtSecrets() {
        declareAnns(Way.SOCKET);
        Answer seen = machine.get(Who.BEN, ANNS);
        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.body().at("/status/state").asText()).isNotEmpty();
        for (String path : List.of(
                ANNS, "/namespaces/ann/services", "/status", "/export", "/audit?limit=500", "/conflicts", "/ports")) {
            Answer answer = machine.get(Who.BEN, path);
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.body().toString()).as(path).doesNotContain("anns-own-secret");
        }
        // A watch tells what is there at once; then it is silent.
        String watched = machine.run(
                Who.BEN,
                List.of(
                        "curl",
                        "-q",
                        "-s",
                        "-N",
                        "--max-time",
                        "2",
                        "--unix-socket",
                        machine.socket().toString(),
                        "http://localhost/watch?kind=Service"));
        assertThat(watched).contains("\"web\"").doesNotContain("anns-own-secret");
        for (Who who : List.of(Who.ANN, Who.CARL, Who.ROOT)) {
            assertThat(machine.get(who, ANNS)
                            .body()
                            .at("/spec/environment/API_KEY")
                            .asText())
                    .as(who.toString())
                    .isEqualTo("anns-own-secret");
        }
        assertThat(machine.get(Who.ANN, "/export").body().toString()).contains("anns-own-secret");
    }

    @Test
    void administratorsDoEverythingAndWhatTheyDeclareForAUserIsThatUsers() {
        declareAnns(Way.SOCKET);
        for (Who admin : List.of(Who.CARL, Who.ROOT)) {
            assertThat(machine.post(admin, ANNS + "/stop").status()).isEqualTo(202);
            assertThat(machine.post(admin, ANNS + "/start").status()).isEqualTo(202);
            Answer made = machine.put(
                    admin, "/namespaces/ann/services/by-" + admin.name().toLowerCase(Locale.ROOT), spec());
            assertThat(made.status()).isEqualTo(201);
            assertThat(made.body().at("/metadata/owner/uid").asLong()).isEqualTo(Who.ANN.uid);
        }
        // Changed by an administrator, it is still Ann's.
        assertThat(machine.put(Who.ROOT, ANNS, spec())
                        .body()
                        .at("/metadata/owner/uid")
                        .asLong())
                .isEqualTo(Who.ANN.uid);
        assertThat(machine.put(Who.CARL, "/namespaces/default/services/team", spec())
                        .body()
                        .at("/metadata/owner/uid")
                        .asLong())
                .isEqualTo(Who.CARL.uid);
        refused(machine.put(Who.ANN, "/namespaces/default/services/other", spec()));
        assertThat(machine.call(
                                Who.CARL,
                                Way.SOCKET,
                                "PATCH",
                                "/settings?dryRun=true",
                                Optional.of(Map.of("development", true)))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void nobodyEndsAnothersProcess(Way way) {
        int port = FreePorts.take();
        Process anns = machine.holder(Who.ANN, port);
        Answer refused = machine.call(Who.BEN, way, "POST", "/ports/" + port + "/free?force=true", Optional.empty());
        refused(refused);
        assertThat(refused.detail())
                .contains("ann", "pid " + anns.pid(), "python3")
                .doesNotContain("--password");
        assertThat(refused.body().path("alternatives")).hasSize(3);
        assertThat(anns.isAlive()).isTrue();

        // Nor by a service that would free its port from anybody.
        Answer bens = machine.call(
                Who.BEN,
                way,
                "PUT",
                "/services/greedy",
                Optional.of(Map.of("port", port, "portRange", "20000-20100", "strategy", "aggressive")));
        assertThat(bens.status()).isEqualTo(201);
        Awaitility.await("Ben's service moves")
                .atMost(Berth.PATIENCE)
                .until(() -> machine.get(Who.BEN, "/services/greedy")
                                .body()
                                .at("/status/port")
                                .asInt(port)
                        != port);
        assertThat(machine.get(Who.BEN, "/conflicts?service=greedy").body().toString())
                .contains("another user's process (ann's)");
        assertThat(anns.isAlive()).isTrue();

        assertThat(machine.call(Who.ANN, way, "POST", "/ports/" + port + "/free", Optional.empty())
                        .status())
                .isEqualTo(200);
        assertThat(anns.isAlive()).isFalse();

        Process roots = machine.holder(Who.ROOT, port);
        refused(machine.call(Who.ANN, way, "POST", "/ports/" + port + "/free", Optional.empty()));
        assertThat(roots.isAlive()).isTrue();
        assertThat(machine.call(Who.CARL, way, "POST", "/ports/" + port + "/free", Optional.empty())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void reservationsAreTheirMakers() {
        int port = FreePorts.take();
        assertThat(machine.call(
                                Who.ANN,
                                Way.SOCKET,
                                "POST",
                                "/reservations",
                                Optional.of(Map.of("holder", "tests", "port", port)))
                        .status())
                .isEqualTo(201);
        refused(machine.call(Who.BEN, Way.SOCKET, "DELETE", "/reservations/" + port, Optional.empty()));
        refused(machine.post(Who.BEN, "/reservations/" + port + "/claim"));
        assertThat(machine.call(Who.CARL, Way.SOCKET, "DELETE", "/reservations/" + port, Optional.empty())
                        .status())
                .isEqualTo(200);
    }

    private static String token(Who who, Map<String, Object> wish) {
        Answer made = machine.call(who, Way.SOCKET, "POST", "/tokens", Optional.of(wish));
        assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
        return "Authorization: Bearer " + made.body().path("token").asText();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aTokenIsItsMakerUntilItEnds(Way way) throws IOException {
        declareAnns(way);
        String manage = token(Who.ANN, Map.of("name", "anns", "scope", "manage"));
        String read = token(Who.ANN, Map.of("name", "reader", "scope", "read"));
        String brief = token(Who.ANN, Map.of("name", "brief", "scope", "manage", "ttl", "1s"));
        refused(machine.call(
                Who.ANN, Way.SOCKET, "POST", "/tokens", Optional.of(Map.of("name", "more", "scope", "admin"))));

        // Stolen, it opens what is Ann's and nothing more; it is for that that it can be taken back.
        assertThat(machine.call(Who.BEN, way, "GET", ANNS + "/env", Optional.empty(), manage)
                        .status())
                .isEqualTo(200);
        refused(machine.call(Who.BEN, way, "POST", ANNS + "/stop", Optional.empty(), read));
        refused(machine.call(Who.ROOT, way, "PATCH", "/settings", Optional.of(Map.of("development", true)), manage));
        assertThat(machine.call(Who.BEN, Way.SOCKET, "DELETE", "/tokens/anns", Optional.empty())
                        .status())
                .as("Ben has no token of this name")
                .isEqualTo(404);
        assertThat(machine.call(Who.ANN, Way.SOCKET, "DELETE", "/tokens/anns", Optional.empty())
                        .status())
                .isEqualTo(200);
        for (Who who : Who.values()) {
            assertThat(machine.call(who, way, "GET", ANNS, Optional.empty(), manage)
                            .status())
                    .as("the revoked token, of %s's connection", who)
                    .isEqualTo(401);
        }
        Awaitility.await("the short one expires")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(1100))
                .until(() -> machine.call(Who.CARL, way, "GET", ANNS, Optional.empty(), brief)
                                .status()
                        == 401);
        String log = Files.readString(directory.resolve("data/berth.log"))
                + machine.berth().log();
        for (String secret : List.of(manage, read, brief)) {
            assertThat(log).doesNotContain(secret.substring(secret.length() - 40));
        }
    }

    /** Whose a connection is, is asked once, and is whose it was made by; whoever has it now is not asked. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void aConnectionThatWasHandedOverIsWhoseItWasMadeBy(Way way) {
        declareAnns(Way.SOCKET);
        String answers = machine.run(
                Who.ROOT,
                List.of(
                        SharedMachine.PYTHON,
                        "-c",
                        """
                        import http.client, os, socket, sys
                        way, place, ben = sys.argv[1], sys.argv[2], int(sys.argv[3])
                        def connect(uid):
                            os.setegid(uid); os.seteuid(uid)
                            if way == 'SOCKET':
                                s = socket.socket(socket.AF_UNIX); s.connect(place)
                            else:
                                s = socket.create_connection(('127.0.0.1', int(place)))
                            os.seteuid(0); os.setegid(0)
                            c = http.client.HTTPConnection('localhost', int(place) if way == 'TCP' else 80)
                            c.sock = s
                            return c
                        def ask(c, path):
                            c.request('POST', path)
                            r = c.getresponse(); r.read()
                            return r.status
                        bens = connect(ben)
                        print(ask(bens, '/namespaces/ann/services/web/stop?dryRun=true'))
                        roots = connect(0)
                        print(ask(roots, '/namespaces/ann/services/web/stop?dryRun=true'))
                        os.setegid(ben); os.seteuid(ben)
                        print(ask(roots, '/namespaces/ann/services/web/stop?dryRun=true'))
                        """,
                        way.name(),
                        way == Way.SOCKET ? machine.socket().toString() : port(),
                        Long.toString(Who.BEN.uid)));
        assertThat(answers.lines()).containsExactly("403", "200", "200");
    }

    private static String port() {
        String base = machine.berth().base();
        return base.substring(base.lastIndexOf(':') + 1);
    }

    /** Of a connection that is half closed the kernel says uid 0: such a caller is nobody. */
    @Test
    void whoHangsUpBeforeTheAnswerIsNotTakenForRoot() {
        assertThat(machine.put(Who.ANN, "/services/left-alone", spec()).status())
                .isEqualTo(201);
        String before = machine.get(Who.ANN, "/services/left-alone")
                .body()
                .at("/spec/running")
                .toString();
        String answers = machine.run(Who.BEN, List.of(SharedMachine.PYTHON, "-c", """
                        import socket, struct, sys
                        port = int(sys.argv[1])
                        request = ('POST /namespaces/ann/services/left-alone/stop HTTP/1.1\\r\\nHost: localhost:%d\\r\\n'
                                   'Content-Length: 0\\r\\n\\r\\n' % port).encode()
                        seen = set()
                        for i in range(60):
                            s = socket.create_connection(('127.0.0.1', port))
                            if i % 4 == 3:
                                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                            s.sendall(request)
                            if i % 4 == 1:
                                s.shutdown(socket.SHUT_WR)
                                answer = s.recv(64)
                                seen.add(answer[9:12].decode())
                            s.close()
                        print(','.join(sorted(x for x in seen if x)))
                        """, port()));
        assertThat(List.of("", "401", "403", "401,403")).contains(answers.strip());
        assertThat(machine.get(Who.ROOT, "/audit?action=StopRequested&service=ann/left-alone")
                        .body()
                        .path("items"))
                .isEmpty();
        assertThat(machine.get(Who.ANN, "/services/left-alone")
                        .body()
                        .at("/spec/running")
                        .toString())
                .isEqualTo(before);
    }

    /** Whoever asks whether the machine's Berth is ready would otherwise take it from everybody on one user's word. */
    @Test
    void onlyRootsCriticalServicesMakeItNotReady() {
        failsACriticalOne(Who.ANN);
        Answer ready = machine.get(Who.BEN, "/q/health/ready");
        assertThat(ready.status()).as(ready.body().toString()).isEqualTo(200);
        assertThat(ready.body().toString()).contains("ann/broken", "not counted");

        failsACriticalOne(Who.ROOT);
        assertThat(machine.get(Who.BEN, "/q/health/ready").status()).isEqualTo(503);
    }

    private static void failsACriticalOne(Who who) {
        Map<String, Object> broken = Map.of(
                "port",
                FreePorts.take(),
                "command",
                "false",
                "workingDirectory",
                "/",
                "autoRestart",
                false,
                "critical",
                true);
        Answer declared = machine.put(who, "/services/broken", broken);
        assertThat(declared.status()).as(declared.body().toString()).isEqualTo(201);
        Awaitility.await("it fails")
                .atMost(Berth.PATIENCE)
                .until(() -> machine.get(who, "/services/broken")
                        .body()
                        .at("/status/state")
                        .asText()
                        .equals("Failed"));
    }

    @Test
    void pruningRemovesOnlyOnesOwn() {
        Map<String, Object> anns = Map.of("stack", "shop", "services", Map.of("web", spec(), "api", spec()));
        assertThat(machine.call(Who.ANN, Way.SOCKET, "POST", "/apply", Optional.of(anns))
                        .status())
                .isEqualTo(200);
        Map<String, Object> bens = Map.of("stack", "shop", "services", Map.of("mine", spec()));
        for (Who who : List.of(Who.BEN, Who.ROOT)) {
            Answer applied = machine.call(who, Way.SOCKET, "POST", "/apply?prune=true", Optional.of(bens));
            assertThat(applied.status()).as(applied.body().toString()).isEqualTo(200);
            assertThat(applied.body().path("pruned")).isEmpty();
        }
        assertThat(machine.get(Who.ANN, "/services").body().path("items")).hasSize(2);
    }
}
