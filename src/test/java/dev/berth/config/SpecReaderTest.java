package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.berth.model.Command;
import dev.berth.model.Dependency;
import dev.berth.model.Fault;
import dev.berth.model.PortRange;
import dev.berth.model.Protocol;
import dev.berth.model.ReturnHome;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.testing.Gen;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecReaderTest {
    private static final ServiceKey BACKEND = ServiceKey.parse("backend");

    @Test
    void readsEveryField() throws Exception {
        ServiceSpec spec = valid("""
                port: 8000
                alternativePorts: [8001, 8002]
                portRange: 9000-9100
                host: 0:0::0001
                protocol: udp
                processPatterns: ['python.*backend', uvicorn]
                command: [python3, -m, http.server, 8000]
                workingDirectory: src
                environment: {DEBUG: true, LEVEL: 1.10, NAME: yes}
                envFile: /etc/backend.env
                healthCheck: {http: 'http://localhost:{port}/health', interval: 5s, expectStatus: 200-399}
                dependsOn: [database, {service: cache, condition: started}]
                strategy: conservative
                running: false
                critical: true
                autoRestart: false
                maxRestarts: 0
                gracePeriod: 500ms
                stopSignal: SIGINT
                install: pip install -r requirements.txt
                replicas: 2
                returnHome: whenFree
                """);
        assertThat(spec.port()).isEqualTo(OptionalInt.of(8000));
        assertThat(spec.alternativePorts()).containsExactly(8001, 8002);
        assertThat(spec.portRange()).contains(new PortRange(9000, 9100));
        assertThat(spec.host()).contains("::1");
        assertThat(spec.protocol()).isEqualTo(Protocol.UDP);
        assertThat(spec.processPatterns()).containsExactly("python.*backend", "uvicorn");
        assertThat(spec.command()).contains(new Command.Exec(List.of("python3", "-m", "http.server", "8000")));
        assertThat(spec.workingDirectory()).contains("/base/src");
        assertThat(spec.environment())
                .containsEntry("DEBUG", "true")
                .containsEntry("LEVEL", "1.10")
                .containsEntry("NAME", "yes");
        assertThat(spec.envFile()).contains("/etc/backend.env");
        assertThat(spec.healthCheck()).hasValueSatisfying(check -> {
            assertThat(check.kind()).isEqualTo("http");
            assertThat(check.interval()).contains(Duration.ofSeconds(5));
            assertThat(check.expectStatus()).contains("200-399");
        });
        assertThat(spec.dependsOn())
                .containsExactly(
                        new Dependency("database", Dependency.Until.HEALTHY),
                        new Dependency("cache", Dependency.Until.STARTED));
        assertThat(spec.strategy()).contains("conservative");
        assertThat(spec.running()).isFalse();
        assertThat(spec.critical()).isTrue();
        assertThat(spec.autoRestart()).isFalse();
        assertThat(spec.maxRestarts()).isZero();
        assertThat(spec.gracePeriod()).isEqualTo(Duration.ofMillis(500));
        assertThat(spec.stopSignal()).contains("SIGINT");
        assertThat(spec.install()).contains(new Command.Shell("pip install -r requirements.txt"));
        assertThat(spec.replicas()).isEqualTo(2);
        assertThat(spec.returnHome()).isEqualTo(ReturnHome.WHEN_FREE);
    }

    @Test
    void readsTheOlderSpellings() throws Exception {
        assertThat(valid("""
                                alternative_ports: [8001]
                                process_patterns: [uvicorn]
                                health_check_url: http://localhost:8000/
                                startup_command: ./run
                                working_directory: /srv
                                auto_restart: false
                                max_restart_attempts: 7
                                """)).isEqualTo(valid("""
                                alternativePorts: [8001]
                                processPatterns: [uvicorn]
                                healthCheck: http://localhost:8000/
                                command: ./run
                                workingDirectory: /srv
                                autoRestart: false
                                maxRestarts: 7
                                """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "port: 0                                 | port                 | from 1 to 65535",
                "port: 65536                             | port                 | from 1 to 65535",
                "port: -1                                | port                 | from 1 to 65535",
                "port: 99999999999999999999              | port                 | from 1 to 65535",
                "port: 8000.0                            | port                 | whole number",
                "port: true                              | port                 | whole number",
                "port: '8000'                            | port                 | without quotes",
                "port: 010                               | port                 | whole number",
                "port: [8000]                            | port                 | whole number",
                "alternativePorts: 8001                  | alternativePorts     | a list is wanted",
                "alternativePorts: [8001, 0]             | alternativePorts[1]  | from 1 to 65535",
                "alternativePorts: [8001, 8002, 8001]    | alternativePorts[2]  | at alternativePorts[0]",
                "alternativePorts: [8001, null]          | alternativePorts[1]  | whole number",
                "{port: 8000, alternativePorts: [8000]}  | alternativePorts[0]  | preferred port itself",
                "portRange: 9100-9000                    | portRange            | 9000-9100 perhaps",
                "portRange: 9000-70000                   | portRange            | 1 to 65535",
                "portRange: 1-1023                       | portRange            | below 1024",
                "portRange: 9000                         | portRange            | 9000-9100",
                "host: example.com                       | host                 | 127.0.0.1",
                "host: 127.1                             | host                 | 127.0.0.1",
                "host: 'fe80::1%eth0'                    | host                 | 127.0.0.1",
                "host: ':::'                             | host                 | 127.0.0.1",
                "protocol: sctp                          | protocol             | tcp, udp",
                "processPatterns: ['(']                  | processPatterns[0]   | regular expression",
                "processPatterns: python                 | processPatterns      | a list is wanted",
                "command: ''                             | command              | must not be empty",
                "command: []                             | command              | needs a program",
                "command: 7                              | command              | text for the shell",
                "environment: {1A: x}                    | environment.1A       | begins with no digit",
                "environment: {A: [x]}                   | environment.A        | text or a number",
                "environment: [A=b]                      | environment          | map of names",
                "healthCheck: ftp://localhost            | healthCheck          | http or https",
                "healthCheck: localhost                  | healthCheck          | http or https",
                "healthCheck: 'http://a b'               | healthCheck          | not a URL",
                "healthCheck: 'http://localhost:{prt}'   | healthCheck          | {port}",
                "healthCheck: '{services.x.host}:80/'    | healthCheck          | not a URL",
                "healthCheck: 'http://a:{services.x}'    | healthCheck          | {services.NAME.port}",
                "healthCheck: {tcp: '{services.x.prt}'}  | healthCheck.tcp      | {services.NAME.port}",
                "healthCheck: {tcp: '{services.x.url}'}  | healthCheck.tcp      | host:port",
                "healthCheck: {command: '{services.}'}   | healthCheck.command  | {services.NAME.port}",
                "command: run {services.x.prt}           | command              | {services.NAME.port}",
                "command: [run, '{services.x}']          | command[1]           | {services.NAME.port}",
                "install: run {services.X.port}          | install              | {services.NAME.port}",
                "environment: {A: '{services.x.a.port}'} | environment.A        | {services.NAME.port}",
                "healthCheck: {interval: 5s}             | healthCheck          | exactly one of",
                "healthCheck: {tcp: 1, command: x}       | healthCheck          | exactly one of",
                "healthCheck: {tcp: 70000}               | healthCheck.tcp      | host:port",
                "healthCheck: {tcp: 80, timeout: 5}      | healthCheck.timeout  | 500ms",
                "healthCheck: {tcp: 80, expectBody: x}   | healthCheck.expectBody | only an http check",
                "dependsOn: database                     | dependsOn            | a list is wanted",
                "dependsOn: [backend]                    | dependsOn[0]         | depend on itself",
                "dependsOn: [a, a]                       | dependsOn[1]         | once",
                "dependsOn: [Not_A_Name]                 | dependsOn[0]         | lower-case",
                "dependsOn: [{service: a, condition: up}]| dependsOn[0].condition | healthy, started",
                "dependsOn: [{condition: healthy}]       | dependsOn[0].service | name of a service",
                "strategy: agressive                     | strategy             | did you mean \"aggressive\"?",
                "running: yes                            | running              | true or false",
                "critical: 1                             | critical             | true or false",
                "maxRestarts: -1                         | maxRestarts          | from 0 to 1000",
                "gracePeriod: 10                         | gracePeriod          | with its unit",
                "gracePeriod: 10 s                       | gracePeriod          | 500ms",
                "gracePeriod: -5s                        | gracePeriod          | 500ms",
                "gracePeriod: 999999999999d              | gracePeriod          | from 0s to 1h",
                "replicas: 0                             | replicas             | from 1 to 100",
                "replicas: 1000000                       | replicas             | from 1 to 100",
                "replicas: 2                             | replicas             | give it a command",
                "returnHome: maybe                       | returnHome           | whenFree",
                "alternativPorts: [8001]                 | alternativPorts      | did you mean \"alternativePorts\"?",
                "alternate-ports: [8001]                 | alternate-ports      | did you mean \"alternativePorts\"?",
                "max_restarts: 3                         | max_restarts         | did you mean \"maxRestarts\"?",
                "colour: blue                            | colour               | no such field",
                "{command: a, startup_command: b}        | startup_command      | the same as command",
                "labels: {a b: c}                        | labels.a b           | the key has",
                "labels: {a: 'b c'}                      | labels.a             | a label's value",
                "owner: ann                              | owner                | leave this out",
                "name: frontend                          | name                 | called \"backend\" already",
                "[port]                                  | ``                   | a map of fields",
            })
    void saysWhatIsWrong(String input, String field, String words) throws Exception {
        assertThat(faults(input)).singleElement().satisfies(fault -> {
            assertThat(fault.field()).isEqualTo(field);
            assertThat(fault.message()).contains(words);
            assertThat(fault.message()).doesNotContain("java", "Exception");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "healthCheck: 'http://localhost:{port}/{services.a-1.port}'",
                "healthCheck: '{services.a.url}/health'",
                "healthCheck: {tcp: '{services.a.host}:{services.a.port}'}",
                "healthCheck: {tcp: '{port}'}",
                "healthCheck: {command: 'check {port}'}",
                "command: 'echo ${port} ${HOME:-x} {a,b} {services} {services.json,services.yaml} {{services.x}}'",
                "environment: {A: '{\"a\": {\"port\": {port}}}', B: '{prt}'}",
            })
    void whatIsATemplateOrNothingOfOursIsAccepted(String input) throws Exception {
        valid(input);
    }

    @Test
    void aWrongTemplateIsToldWithoutTheSecretAroundIt() throws Exception {
        assertThat(faults("environment: {URL: 'postgres://ann:hunter2@{services.db}/'}"))
                .containsExactly(new Fault(
                        "environment.URL",
                        "no such template; there are {port}, {services.NAME.port}, {services.NAME.host} or"
                                + " {services.NAME.url} with the name of a service",
                        "{services.db}"));
    }

    @Test
    void aCommandOfAFileRunsWhereTheFileLies() throws Exception {
        assertThat(valid("command: ./run").workingDirectory()).contains("/base");
        assertThat(valid("startup_command: ./run").workingDirectory()).contains("/base");
        assertThat(valid("{command: ./run, workingDirectory: ~/x}").workingDirectory())
                .contains("~/x");
        assertThat(valid("port: 8000").workingDirectory()).isEmpty();
        for (String home : List.of("workingDirectory: \"~\"", "workingDirectory: ~", "working_directory: null")) {
            assertThat(valid("{command: ./run, " + home + "}").workingDirectory())
                    .as(home + ": at home, as where no file is")
                    .isEmpty();
        }
    }

    @Test
    void tellsEveryFaultAtOnce() throws Exception {
        assertThat(faults("{port: 0, alternativePorts: [1, 1, x], portRange: 5-4, colour: blue, running: 3}"))
                .extracting(Fault::field)
                .containsExactlyInAnyOrder(
                        "port", "alternativePorts[1]", "alternativePorts[2]", "portRange", "running", "colour");
    }

    @Test
    void quotesWhatWasGivenButNotForever() throws Exception {
        assertThat(faults("strategy: " + "x".repeat(5000)))
                .singleElement()
                .satisfies(fault -> assertThat(fault.given()).startsWith("xxx").hasSizeLessThan(200));
    }

    @Test
    void warnsOfPortsThatNeedAPrivilege() throws Exception {
        Reading<SpecReader.Wanted> reading = read("port: 80");
        assertThat(reading)
                .isInstanceOfSatisfying(
                        Reading.Valid.class,
                        valid -> assertThat(valid.warnings()).hasSize(1));
    }

    @Test
    void aPatternHasAtMost512Characters() throws Exception {
        assertThat(read("processPatterns: ['" + "x".repeat(512) + "']")).isInstanceOf(Reading.Valid.class);
        assertThat(faults("processPatterns: ['" + "x".repeat(513) + "']")).hasSize(1);
    }

    /** Whatever addresses are allowed and asked for: exactly the allowed ones pass, in any spelling. */
    @Test
    void bindHostsLetsPassWhatItNamesAndNothingElse() {
        List<String> hosts = List.of("127.0.0.1", "0.0.0.0", "::1", "::", "192.168.0.7", "fe80::1", "localhost");
        Map<String, String> spellings = Map.of("::1", "0:0::0001", "::", "0:0:0:0:0:0:0:0", "fe80::1", "FE80:0::1");
        Set<String> loopback = Set.of("127.0.0.1", "::1");
        Gen.check(300, gen -> {
            List<String> allowed = gen.list(0, 4, () -> gen.oneOf(hosts));
            String host = gen.oneOf(hosts);
            boolean passes = allowed.isEmpty()
                    || allowed.contains(host)
                    || loopback.contains(host) && allowed.contains("localhost")
                    || host.equals("localhost") && allowed.stream().anyMatch(loopback::contains);
            SpecRules rules = new SpecRules(
                    SpecRules.BUILT_IN.strategies(), SpecRules.BUILT_IN.healthChecks(), allowed, Optional.empty());
            var tree = JsonNodeFactory.instance
                    .objectNode()
                    .put("host", gen.chance(50) ? spellings.getOrDefault(host, host) : host);
            assertThat(new SpecReader(rules).read(tree, "web") instanceof Reading.Valid)
                    .as("%s of %s", host, allowed)
                    .isEqualTo(passes);
            assertThat(new SpecReader(rules).read(JsonNodeFactory.instance.objectNode(), "web"))
                    .as("without a host")
                    .isInstanceOf(Reading.Valid.class);
        });
    }

    private static ServiceSpec valid(String yaml) throws DocumentException {
        Reading<SpecReader.Wanted> reading = read(yaml);
        assertThat(reading).isInstanceOf(Reading.Valid.class);
        return ((Reading.Valid<SpecReader.Wanted>) reading).value().spec();
    }

    private static List<Fault> faults(String yaml) throws DocumentException {
        Reading<SpecReader.Wanted> reading = read(yaml);
        assertThat(reading).isInstanceOf(Reading.Refused.class);
        return ((Reading.Refused<SpecReader.Wanted>) reading).faults();
    }

    private static Reading<SpecReader.Wanted> read(String yaml) throws DocumentException {
        Document document = Documents.readOne(yaml.getBytes(StandardCharsets.UTF_8), Documents.Format.YAML);
        SpecRules rules = SpecRules.BUILT_IN.startingAt(Path.of("/base"));
        return new SpecReader(rules).read(document.tree(), BACKEND.name());
    }
}
