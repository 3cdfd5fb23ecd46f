package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.berth.model.Dependency;
import dev.berth.model.Fault;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StackReaderTest {
    @Test
    void readsAStack() throws Exception {
        StackFile file = valid("""
                apiVersion: berth.dev/v1
                stack: shop
                services:
                  database: {port: 5432}
                  backend:
                    name: backend
                    port: 8000
                    dependsOn: [database, {service: mail, condition: started}]
                    labels: {tier: web}
                settings:
                  conflicts: {strategy: conservative, homeAfter: 1m}
                  ports: {reserved: [5432, 6000-6010]}
                monitoring: {interval: 5, auto_resolve_conflicts: true, health_check_interval: 30}
                """);
        assertThat(file.stack()).contains("shop");
        assertThat(file.services())
                .extracting(service -> service.key().toString())
                .containsExactly("default/database", "default/backend");
        assertThat(file.services().get(1).labels()).containsEntry("tier", "web");
        assertThat(file.settings())
                .containsEntry("conflicts.strategy", "conservative")
                .containsEntry("conflicts.homeAfter", "1m")
                .containsEntry("ports.reserved", "5432,6000-6010")
                .containsEntry("reconcile.interval", "5s")
                .containsEntry("health.interval", "30s")
                .containsEntry("reconcile.autoResolve", "true");
    }

    @Test
    void readsWholeObjectsBesideAStack() throws Exception {
        StackFile file = valid("""
                services: {a: {port: 1234}}
                ---
                kind: Service
                metadata: {name: b, namespace: other, labels: {x: y}, resourceVersion: "17"}
                spec: {port: 1235}
                ---
                kind: ServiceList
                items:
                  - {kind: Service, metadata: {name: c}, spec: {}}
                """);
        assertThat(file.services())
                .extracting(service -> service.key().toString())
                .containsExactly("default/a", "other/b", "default/c");
        assertThat(file.services().get(1).resourceVersion()).isEqualTo(OptionalLong.of(17));
    }

    @Test
    void tellsEveryFaultWithItsPlace() throws Exception {
        assertThat(faults("""
                                services:
                                  backend:
                                    port: 0
                                    prot: 8000
                                  Front_End: {port: 1}
                                settings:
                                  conflicts:
                                    stratgy: x
                                serivces: {}
                                """))
                .extracting(Fault::field, Fault::message)
                .containsExactlyInAnyOrder(
                        tuple("services.backend.port", "a port is a whole number from 1 to 65535 (line 3, column 5)"),
                        tuple(
                                "services.backend.prot",
                                "there is no such field; did you mean \"port\"? (line 4, column 5)"),
                        tuple(
                                "services.Front_End",
                                "a name is 1 to 63 lower-case letters, digits and inner hyphens (line 5, column 3)"),
                        tuple(
                                "settings.conflicts.stratgy",
                                "there is no setting \"conflicts.stratgy\"; did you mean \"conflicts.strategy\"?"
                                        + " (line 8, column 5)"),
                        tuple("serivces", "there is no such field; did you mean \"services\"? (line 9, column 1)"));
    }

    @Test
    void knowsWhatOtherToolsCallAField() throws Exception {
        assertThat(faults("services:\n  a: {ports: 80, health: /, restart: true, colour: red}\nnamespace: x\n"))
                .extracting(Fault::field, Fault::message)
                .containsExactlyInAnyOrder(
                        tuple("services.a.ports", "there is no such field; did you mean \"port\"? (line 2, column 7)"),
                        tuple(
                                "services.a.health",
                                "there is no such field; did you mean \"healthCheck\"? (line 2, column 18)"),
                        tuple(
                                "services.a.restart",
                                "there is no such field; did you mean \"autoRestart\"? (line 2, column 29)"),
                        tuple("services.a.colour", "there is no such field (line 2, column 44)"),
                        tuple(
                                "namespace",
                                "there is no such field; there are apiVersion, conflict_resolution, monitoring,"
                                        + " reservations, services, settings, stack (line 3, column 1)"));
    }

    @Test
    void refusesUnknownDependenciesAndCircles() throws Exception {
        assertThat(faults("services:\n  a: {dependsOn: [databse]}\n  database: {}\n"))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.field()).isEqualTo("services.a.dependsOn[0]");
                    assertThat(fault.message()).contains("did you mean \"database\"?", "line 2");
                });
        assertThat(
                        faults(
                                "services: {a: {dependsOn: [b]}, b: {dependsOn: [c]}, c: {dependsOn: [a]}, d: {dependsOn: [a]}}"))
                .singleElement()
                .satisfies(fault -> assertThat(fault.message()).contains("a → b → c → a"));
    }

    @Test
    void unknownDependenciesAndCirclesAreToldBesideOtherFaults() throws Exception {
        assertThat(faults("services:\n  a: {port: 70000, dependsOn: [databse, b]}\n  b: {dependsOn: [a]}\n"))
                .extracting(Fault::field)
                .containsExactly("services.a.port", "services.a.dependsOn[0]", "services.a.dependsOn");
    }

    /** The one that is meant may be the one whose name can't be taken. */
    @Test
    void aDependencyOnAnUnreadableNameIsNoSecondFault() throws Exception {
        assertThat(faults("services:\n  Mail: {}\n  a: {dependsOn: [mailer]}\n"))
                .extracting(Fault::field)
                .containsExactly("services.Mail");
        assertThat(faults("services: [a]\n---\nkind: Service\nmetadata: {name: b}\nspec: {dependsOn: [a]}\n"))
                .extracting(Fault::field)
                .containsExactly("services");
        assertThat(faults("kind: Service\nmetadata: {name: Mail}\nspec: {}\n---\n"
                        + "kind: Service\nmetadata: {name: b}\nspec: {dependsOn: [mailer]}\n"))
                .extracting(Fault::field)
                .containsExactly("metadata.name");
        assertThat(faults("servces: {database: {}}\n---\nservices: {web: {dependsOn: [database]}}\n"))
                .extracting(Fault::field)
                .containsExactly("servces");
    }

    /** Its places would be those of what is left of it. */
    @Test
    void aListWithFaultsIsNotReadOn() throws Exception {
        assertThat(faults("services: {a: {}, b: {dependsOn: [a, a, databse]}}"))
                .extracting(Fault::field)
                .containsExactly("services.b.dependsOn[1]");
    }

    @Test
    void refusesAServiceThatIsDeclaredTwice() throws Exception {
        assertThat(faults("services: {a: {}}\n---\nkind: Service\nmetadata: {name: a}\nspec: {}\n"))
                .singleElement()
                .satisfies(fault -> assertThat(fault.message()).contains("declared twice, at line 1"));
    }

    @Test
    void aWrongSettingNamesWhatIsAllowed() throws Exception {
        assertThat(faults("conflict_resolution: {max_alternative_ports: -1}"))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.field()).isEqualTo("conflict_resolution.max_alternative_ports");
                    assertThat(fault.message()).contains("from 0 to 1000");
                });
    }

    @Test
    void aWholeObjectMustBeWhatTheAddressSays() throws Exception {
        Document document = Documents.readOne(
                "{kind: Service, apiVersion: v1, metadata: {name: b, colour: red}, status: {state: Running}, spec: {port: x}}"
                        .getBytes(StandardCharsets.UTF_8),
                Documents.Format.YAML);
        Reading<DeclaredService> reading =
                new ServiceReader(SpecRules.BUILT_IN).read(document.tree(), ServiceKey.parse("a"));
        assertThat(((Reading.Refused<DeclaredService>) reading).faults())
                .extracting(Fault::field)
                .containsExactlyInAnyOrder("apiVersion", "metadata.name", "metadata.colour", "spec.port");
    }

    @Test
    void pathsMeanTheSameWhereverTheFileIsMounted() throws Exception {
        String yaml = """
                services:
                  a: {command: run, envFile: conf/a b.env}
                  b: {command: run, workingDirectory: ../b}
                  c: {command: run, workingDirectory: "~/c", envFile: "${CONF}/c.env"}
                  d: {command: run, workingDirectory: "services/${NAME}"}
                """;
        for (String mount : List.of("/home/ann/shop", "/mnt/in a container")) {
            Path base = Path.of(mount);
            Reading<StackFile> reading = StackReader.read(
                    Documents.readAll(yaml.getBytes(StandardCharsets.UTF_8), Documents.Format.YAML),
                    SpecRules.BUILT_IN.startingAt(base),
                    "default",
                    key -> Optional.empty());
            assertThat(((Reading.Valid<StackFile>) reading).value().services())
                    .extracting(
                            each -> each.spec().workingDirectory().orElseThrow(),
                            each -> each.spec().envFile().orElse("none"))
                    .containsExactly(
                            tuple(mount, mount + "/conf/a b.env"),
                            tuple(base.getParent() + "/b", "none"),
                            tuple("~/c", "${CONF}/c.env"),
                            tuple(mount + "/services/${NAME}", "none"));
        }
    }

    @Test
    void readsReservationsAndNamespaces() throws Exception {
        StackFile file = valid("""
                services: {team-a/search: {port: 9200}}
                reservations:
                  - {holder: debugger, port: 9229}
                  - {holder: ci, portRange: 9000-9100, count: 3, ttl: 10m}
                """);
        assertThat(file.services().get(0).key()).isEqualTo(new ServiceKey("team-a", "search"));
        assertThat(file.reservations())
                .extracting(each -> each.holder(), each -> each.count())
                .containsExactly(tuple("debugger", 1), tuple("ci", 3));
        assertThat(faults("reservations: [{holder: a, port: 5, pid: 1}]"))
                .singleElement()
                .satisfies(fault -> assertThat(fault.field()).isEqualTo("reservations[0].pid"));
    }

    @Test
    void refusesACircleThatGoesThroughWhatIsThereAlready() throws Exception {
        List<Fault> faults = faults("services: {letters: {port: 8000, dependsOn: [mail]}}");

        assertThat(faults).singleElement().satisfies(fault -> {
            assertThat(fault.field()).isEqualTo("services.letters.dependsOn");
            assertThat(fault.message()).contains("letters → mail → letters");
        });
    }

    /** What is there already, beside what a file declares. */
    @Test
    void aServiceSaysSoMuchAndNotMoreWhateverAliasesHide() throws Exception {
        String half = "x".repeat(SpecLimits.ARGUMENT_LENGTH);
        String start = "services:\n  web:\n    environment:\n      A: &a " + half + "\n";
        valid(start);
        for (String more : List.of(
                "      B: *a\n      C: *a\n",
                "    annotations: {a: " + half.substring(1 << 16) + "}\n    command: *a\n")) {
            assertThat(faults(start + more)).singleElement().satisfies(fault -> {
                assertThat(fault.field()).isEqualTo("services.web");
                assertThat(fault.message()).contains("at most 262144 characters");
            });
        }
        assertThat(faults("kind: Service\nmetadata: {name: web}\nspec:\n  environment:\n    A: &a " + half
                        + "\n    B: *a\n    C: *a\n"))
                .hasSize(1);
    }

    private static Optional<ServiceSpec> existing(ServiceKey key) {
        return key.name().equals("mail")
                ? Optional.of(ServiceSpec.builder()
                        .dependsOn(List.of(new Dependency("letters", Dependency.Until.STARTED)))
                        .build())
                : Optional.empty();
    }

    private static StackFile valid(String yaml) throws DocumentException {
        Reading<StackFile> reading = read(yaml);
        assertThat(reading).isInstanceOf(Reading.Valid.class);
        return ((Reading.Valid<StackFile>) reading).value();
    }

    private static List<Fault> faults(String yaml) throws DocumentException {
        Reading<StackFile> reading = read(yaml);
        assertThat(reading).isInstanceOf(Reading.Refused.class);
        return ((Reading.Refused<StackFile>) reading).faults();
    }

    private static Reading<StackFile> read(String yaml) throws DocumentException {
        List<Document> documents = Documents.readAll(yaml.getBytes(StandardCharsets.UTF_8), Documents.Format.YAML);
        return StackReader.read(documents, SpecRules.BUILT_IN, "default", StackReaderTest::existing);
    }
}
