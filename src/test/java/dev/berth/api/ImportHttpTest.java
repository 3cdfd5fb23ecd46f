package dev.berth.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of other tools become a berth.yaml that can be applied as it is; nothing is declared by that. */
@QuarkusTest
class ImportHttpTest {
    @TestHTTPResource("/")
    URL base;

    @Test
    void aProcfile() throws Exception {
        String yaml = imported("procfile", """
                # what runs
                web: bundle exec rails server -p 3000 -e $RACK_ENV
                Admin_UI: node ui.js --port ${PORT:-4000}
                worker: rake jobs:work
                release: rake db:migrate
                nonsense
                """);
        assertThat(yaml).isEqualTo("""
                # web: the port 3000 of its command became {port}, so that it can be moved
                # "Admin_UI" is called admin-ui: a name is 1 to 63 lower-case letters, digits and inner hyphens
                # worker doesn't mention $PORT: Berth gives it a port all the same, and sees it as ready when it listens there; name the port that it has, or leave it to another tool
                # release was left out: it runs once before a deployment, and Berth keeps services running. As "install" of a service it would run before its start
                # line 6 was left out: "name: command" is wanted
                apiVersion: berth.dev/v1
                services:
                  web:
                    port: 3000
                    command: "bundle exec rails server -p {port} -e $RACK_ENV"
                  admin-ui:
                    port: 4000
                    command: "node ui.js --port ${PORT:-4000}"
                  worker:
                    command: rake jobs:work
                """);
        assertApplies(yaml);
    }

    @Test
    void aComposeFile() throws Exception {
        String yaml = imported("compose", """
                x-common: &common {restart: "no", environment: {LEVEL: info, PORT: 80}}
                services:
                  web:
                    <<: *common
                    build: {context: ./web}
                    command: ["npm", "start"]
                    ports: ["${WEB_PORT:-8000}:80", "127.0.0.1:9229:9229"]
                    env_file: [web.env]
                    depends_on: {db: {condition: service_healthy}, queue: {condition: service_started}}
                    volumes: [./web:/app]
                    scale: 2
                  db:
                    image: postgres:16
                    ports: ["127.0.0.1:5433:5432"]
                    command: -c fsync=off
                  queue:
                    image: nats
                    ports: [{target: 4222, published: 4222, protocol: udp}, 8222]
                  many:
                    image: many
                    ports: ["9000-9010:9000-9010"]
                """);
        assertThat(yaml)
                .contains("""
                        services:
                          web:
                            port: 8000
                            host: 0.0.0.0
                            command:
                            - npm
                            - start
                            workingDirectory: ./web
                            environment:
                              LEVEL: info
                            envFile: web.env
                            autoRestart: false
                            replicas: 2
                            dependsOn:
                            - service: db
                              condition: healthy
                            - service: queue
                              condition: started
                          db:
                            port: 5433
                            host: 127.0.0.1
                          queue:
                            port: 4222
                            host: 0.0.0.0
                            protocol: udp
                          many:
                            portRange: 9000-9010
                            host: 0.0.0.0
                        """)
                .contains("# web: ${WEB_PORT:-8000} was taken as 8000")
                .contains("# web publishes 8000, 9229: a service of Berth's has one port")
                .contains("# web: not taken: volumes")
                .contains("# db runs in a container (image postgres:16): Berth guards its port, and compose starts it");
        assertApplies(yaml);
    }

    @Test
    void theExampleComposeOfPortsOnly() {
        given().contentType("application/yaml")
                .accept("application/json")
                .body("services: {a: {image: x, ports: [\"nonsense\"]}}".getBytes(UTF_8))
                .post("/import?format=compose")
                .then()
                .statusCode(200)
                .body("kind", equalTo("Import"))
                .body("warnings", hasItem(containsString("\"nonsense\" was not understood")));
    }

    @Test
    void whatIsNoPortIsSaidHoweverLongItIs() {
        given().contentType("application/yaml")
                .accept("application/json")
                .body("services: {a: {image: x, ports: [\"99999999999:80\"]}}".getBytes(UTF_8))
                .post("/import?format=compose")
                .then()
                .statusCode(200)
                .body("warnings", hasItem(containsString("\"99999999999\" is not a port")));
    }

    /** Four megabytes of them, which is what a body may have. */
    @Test
    void aHundredThousandServicesOfOneNameAreNotAllTaken() {
        given().contentType("text/plain")
                .accept("application/json")
                .body("a: b\n".repeat(100_000).getBytes(UTF_8))
                .post("/import?format=procfile")
                .then()
                .statusCode(200)
                .body("warnings", hasItem(containsString("only the first 10000 services")));
    }

    @Test
    void portsOfAnEnvFile() throws Exception {
        String yaml = imported("env", """
                export BACKEND_PORT=8000
                THREE_ENGINE_PORT='8002'
                DB_PORT=none
                SECRET=do-not-show
                PORT=3000
                """);
        assertThat(yaml)
                .contains(
                        "services:\n  backend:\n    port: 8000\n  three-engine:\n    port: 8002\n  app:\n    port: 3000\n")
                .contains("# DB_PORT was left out: its value is no port")
                .doesNotContain("do-not-show");
        assertApplies(yaml);
    }

    @Test
    void theExampleProcfile() throws Exception {
        assertApplies(imported("procfile", Files.readString(Path.of("deploy/examples/procfile/Procfile"))));
    }

    @Test
    void whatCantBeDeclaredAsItIsIsTold() throws Exception {
        assertThat(imported("compose", "services: {a: {image: x, depends_on: [gone]}}"))
                .contains("# to be corrected: services.a.dependsOn[0]: there is no such service");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?format=toml|a: b|422",
                "|a: b|422",
                "?format=compose&dryRun=true|a: b|422",
                "?format=compose|a: [|400",
                "?format=compose|a: &a [*a]|400",
                "?format=procfile|' '|400",
                "?format=env|nonsense|400"
            })
    void badInput(String query, String body, int status) {
        given().contentType("text/plain")
                .body(body.getBytes(UTF_8))
                .post("/import" + (query == null ? "" : query))
                .then()
                .statusCode(status)
                .contentType("application/problem+json");
    }

    /** As `curl --data-binary @FILE` sends it. */
    private String imported(String format, String text) throws Exception {
        String before = ExportHttpTest.everything();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(base.toURI().resolve("/import?format=" + format))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(text))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/yaml");
        assertThat(ExportHttpTest.everything()).isEqualTo(before);
        return answer.body();
    }

    private static void assertApplies(String yaml) {
        given().contentType("application/yaml")
                .body(yaml.getBytes(UTF_8))
                .post("/apply?dryRun=true")
                .then()
                .statusCode(200)
                .body("kind", equalTo("Plan"));
    }
}
