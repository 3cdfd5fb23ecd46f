package dev.berth.launch;

import static dev.berth.launch.Declared.on;
import static dev.berth.launch.Declared.service;
import static dev.berth.launch.Declared.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.Account;
import dev.berth.host.Accounts;
import dev.berth.host.Launcher.LaunchSpec;
import dev.berth.host.Rights;
import dev.berth.launch.Launches.Prepared;
import dev.berth.model.Command;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.Launch.Step;
import dev.berth.model.Protocol;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.User;
import dev.berth.testing.Gen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is launched: the command, where, with which environment, and where its output goes. */
class LaunchesTest {
    private static final User ANN = User.of(1000, "ann");

    @TempDir
    Path directory;

    private final Map<String, String> inherited = new TreeMap<>();
    private Launches launches = new Launches(ExecutionContexts.own(Map::of), Path.of("/"), "unset", () -> 0);

    @BeforeEach
    void home() {
        inherited.put("HOME", directory.toString());
        inherited.put("PATH", "/usr/bin:/bin");
        launches = new Launches(ExecutionContexts.own(() -> inherited), directory.resolve("logs"), "inst", () -> 0);
    }

    @Test
    void templatesAreFilledInBothFormsOfCommands() {
        List<Service> all = List.of(
                service("database", 5432, ServiceSpec.builder().host("::1")),
                service("other/database", 1, ServiceSpec.builder()));
        Service shell = service("web", 8000, runs("true -p {port} --db {services.database.url} ${HOME} '{\"a\":1}'"));
        assertThat(ready(shell, all).command())
                .isEqualTo(new Command.Shell("true -p 8000 --db http://[::1]:5432 ${HOME} '{\"a\":1}'"));
        Service exec = service(
                "web",
                8000,
                ServiceSpec.builder()
                        .command(new Command.Exec(
                                List.of("sh", "{port}:{services.web.port}", "{services.database.host}", "{x}"))));
        assertThat(ready(exec, all).command()).isEqualTo(new Command.Exec(List.of("sh", "8000:8000", "::1", "{x}")));
    }

    @Test
    void theServiceAsGivenCountsAndNotAnOlderOneAmongAll() {
        Service older = service("web", 8000, runs("true {port}"));
        Service now = service("web", 8001, runs("true {services.web.port}"));
        assertThat(ready(now, List.of(older)).command()).isEqualTo(new Command.Shell("true 8001"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{services.unknown.port} | command names the port of service unknown, which is not declared",
                "{services.unknown.url}  | command names the url of service unknown, which is not declared",
                "{services.later.port}   | waits for the port of later",
                "{services.later.host}   | waits for the port of later",
                "{services.elsewhere.port} | command names the port of service elsewhere, which is not declared",
                "{services.x.prt} | command has \"{services.x.prt}\", which is no template: {port}, {services.NAME.port},"
                        + " {services.NAME.host} or {services.NAME.url} with the name of a service",
            })
    void whatIsNotKnownIsRefusedWithTheReason(String template, String reason) {
        List<Service> all =
                List.of(waiting("later", ServiceSpec.builder()), service("other/elsewhere", 1, ServiceSpec.builder()));
        Service service = service("web", 8000, runs("true " + template));
        assertThat(refused(service, all)).containsExactly(reason);
        assertThat(launches.obstacles(service, all))
                .extracting(Obstacle::reason)
                .containsExactly(reason);
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        Service service = waiting(
                "web",
                ServiceSpec.builder()
                        .command(new Command.Exec(List.of("no-such-program", "{services.a.port}", "{services.a.port}")))
                        .environment(Map.of("URL", "{services.b.url}"))
                        .healthCheck(HealthCheckSpec.http("http://localhost:{services.c.port}/"))
                        .workingDirectory("~/nowhere")
                        .envFile("gone.env"));
        assertThat(refused(service, List.of()))
                .containsExactlyInAnyOrder(
                        "the working directory " + directory + "/nowhere does not exist",
                        "the envFile " + directory + "/gone.env does not exist",
                        "environment.URL names the url of service b, which is not declared",
                        "command[1] names the port of service a, which is not declared",
                        "command[2] names the port of service a, which is not declared",
                        "command not found: \"no-such-program\" is not on PATH (2 directories); install it, or"
                                + " write where it is",
                        "waits for its own port",
                        "healthCheck names the port of service c, which is not declared");
    }

    @Test
    void whatIsToldNamesTheServiceAndWhatItDependsOn() {
        List<Service> all = List.of(
                service("my-db", 5432, ServiceSpec.builder().host("0.0.0.0")),
                service("any", 5434, ServiceSpec.builder().host("::")),
                service("2nd", 5433, ServiceSpec.builder().host("::1")),
                service("dns", 5353, ServiceSpec.builder().host("localhost").protocol(Protocol.UDP)),
                waiting("later", ServiceSpec.builder()),
                service("stranger", 9, ServiceSpec.builder()));
        Service web =
                service("web", 8000, runs("true").dependsOn(on("my-db", "2nd", "any", "dns", "later", "undeclared")));
        ToldPorts told = launches.told(web, all);
        assertThat(told.variables())
                .containsExactly(
                        Map.entry("PORT", "8000"),
                        Map.entry("WEB_PORT", "8000"),
                        Map.entry("WEB_HOST", "127.0.0.1"),
                        Map.entry("WEB_URL", "http://127.0.0.1:8000"),
                        Map.entry("MY_DB_PORT", "5432"),
                        Map.entry("MY_DB_HOST", "127.0.0.1"),
                        Map.entry("MY_DB_URL", "http://127.0.0.1:5432"),
                        Map.entry("_2ND_PORT", "5433"),
                        Map.entry("_2ND_HOST", "::1"),
                        Map.entry("_2ND_URL", "http://[::1]:5433"),
                        Map.entry("ANY_PORT", "5434"),
                        Map.entry("ANY_HOST", "127.0.0.1"),
                        Map.entry("ANY_URL", "http://127.0.0.1:5434"),
                        Map.entry("DNS_PORT", "5353"),
                        Map.entry("DNS_HOST", "localhost"),
                        Map.entry("DNS_URL", "udp://localhost:5353"));
        assertThat(told.waiting()).containsExactly("later", "undeclared");
        assertThat(ready(web, all).environment())
                .containsAllEntriesOf(told.variables())
                .doesNotContainKeys("LATER_PORT", "STRANGER_PORT");
    }

    @Test
    void ofReplicasTheFirstAndAllAreToldAndEachIsToldItself() {
        Service first =
                service("web", 8000, runs("true {port} {services.web.port}").replicas(3));
        Service second = service("web.1", 8001, runs("true {port} {services.web.port}"));
        Service third = service("web.2", 8005, runs("true"));
        Service front = service("front", 9000, runs("true").dependsOn(on("web")));
        List<Service> all = List.of(third, front, second, first);

        assertThat(ready(front, all).environment())
                .containsEntry("WEB_PORT", "8000")
                .containsEntry("WEB_PORTS", "8000,8001,8005")
                .containsEntry("BERTH_REPLICA", "0")
                .doesNotContainKey("FRONT_PORTS");
        LaunchSpec launch = ready(second, all);
        assertThat(launch.environment())
                .containsEntry("PORT", "8001")
                .containsEntry("WEB_PORT", "8001")
                .containsEntry("WEB_PORTS", "8000,8001,8005")
                .containsEntry("BERTH_SERVICE", "default/web.1@inst")
                .containsEntry("BERTH_REPLICA", "1");
        assertThat(launch.command()).isEqualTo(new Command.Shell("true 8001 8001"));
        assertThat(launch.log()).hasFileName("web.1.log");
    }

    /** Each source sets the variables of a random subset; the last in the documented order has the say. */
    @Test
    void laterSourcesWin() {
        List<String> names = List.of("PORT", "WEB_PORT", "DB_URL", "BERTH_SERVICE", "BERTH_LAUNCH", "A");
        List<Service> all = List.of(service("db", 5432, ServiceSpec.builder()));
        Gen.check(300, gen -> {
            Map<String, String> file = some(gen, names, "file");
            Map<String, String> declared = some(gen, names, "declared");
            inherited.putAll(some(gen, names, "inherited"));
            Map<String, String> expected = new HashMap<>(inherited);
            expected.putAll(Map.of("WEB_PORT", "8000", "WEB_HOST", "127.0.0.1", "WEB_URL", "http://127.0.0.1:8000"));
            expected.putAll(Map.of("DB_PORT", "5432", "DB_HOST", "127.0.0.1", "DB_URL", "http://127.0.0.1:5432"));
            expected.putAll(file);
            expected.put("PORT", "8000");
            expected.putAll(declared);
            expected.put("BERTH_SERVICE", "default/web@inst");
            expected.put("BERTH_LAUNCH", "launch-1");
            expected.put("BERTH_REPLICA", "0");
            Service web = service(
                    "web",
                    8000,
                    runs("true").dependsOn(on("db")).environment(declared).envFile(write(file)));
            assertThat(ready(web, all).environment()).isEqualTo(expected);
            names.forEach(inherited::remove);
        });
    }

    @Test
    void valuesOfTheEnvironmentAreFilled() {
        Service web = service(
                "web", 8000, runs("true").environment(Map.of("PORT", "{port}", "DB", "x {services.db.url}/app")));
        assertThat(ready(web, List.of(service("db", 1, ServiceSpec.builder()))).environment())
                .containsEntry("PORT", "8000")
                .containsEntry("DB", "x http://127.0.0.1:1/app");
    }

    @Test
    void theServicesOwnPathDecidesWhichProgramsThereAre() throws Exception {
        Path bin = Files.createDirectories(directory.resolve("tools"));
        Files.createFile(
                bin.resolve("my-tool"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        ServiceSpec.Builder spec = ServiceSpec.builder().command(new Command.Exec(List.of("my-tool")));
        assertThat(refused(service("web", 8000, spec), List.of())).hasSize(1);
        ready(service("web", 8000, spec.environment(Map.of("PATH", bin.toString()))), List.of());
        ready(service("web", 8000, spec.environment(Map.of("PATH", "nowhere::tools"))), List.of());
        ready(service("web", 8000, spec.environment(Map.of()).envFile(write(Map.of("PATH", "tools")))), List.of());
    }

    @Test
    void pathsAreUnderstoodWithTheOwnersEnvironment() throws Exception {
        Files.createDirectories(directory.resolve("app/conf"));
        Files.writeString(directory.resolve("app/conf/.env"), "FROM=file");
        inherited.put("APP", "app");
        for (String written : List.of("~/app", "${HOME}/app", "app", "${APP}", directory + "/app/../app")) {
            Service web =
                    service("web", 8000, runs("true").workingDirectory(written).envFile("conf/.env"));
            LaunchSpec spec = ready(web, List.of());
            assertThat(spec.workingDirectory()).isEqualTo(directory.resolve("app"));
            assertThat(spec.environment()).containsEntry("FROM", "file");
        }
        assertThat(ready(service("web", 8000, runs("true")), List.of()).workingDirectory())
                .as("without one: at home")
                .isEqualTo(directory);
        assertThat(refused(
                        service(
                                "web",
                                8000,
                                runs("true").workingDirectory("${NOWHERE}/x").envFile("\0")),
                        List.of()))
                .satisfiesExactly(
                        reason -> assertThat(reason)
                                .isEqualTo("the working directory \"${NOWHERE}/x\" names ${NOWHERE}, which is not set"),
                        reason -> assertThat(reason).startsWith("the envFile "));
    }

    @Test
    void theLogIsNamedAfterTheService() {
        assertThat(launches.log(ServiceKey.parse("web"))).isEqualTo(directory.resolve("logs/web.log"));
        assertThat(launches.log(ServiceKey.parse("ann/web"))).isEqualTo(directory.resolve("logs/ann/web.log"));
        assertThat(ready(service("ann/web", 8000, runs("true")), List.of()).log())
                .isEqualTo(directory.resolve("logs/ann/web.log"));
    }

    @Test
    void theHealthCheckIsFilledWhenItsPortsAreKnown() {
        HealthCheckSpec check = HealthCheckSpec.http("http://localhost:{port}/{services.db.port}");
        Service web = service("web", 8000, runs("true").healthCheck(check));
        Service db = service("db", 5432, ServiceSpec.builder());
        assertThat(launches.healthCheck(web, List.of(db))).contains(HealthCheckSpec.http("http://localhost:8000/5432"));
        assertThat(launches.healthCheck(web, List.of())).isEmpty();
        assertThat(launches.healthCheck(db, List.of(web))).isEmpty();
    }

    @Test
    void aStepThatIsNotDeclaredIsRefused() {
        Service observed = service("web", 8000, ServiceSpec.builder());
        assertThat(refused(observed, List.of())).containsExactly("it has no command to start");
        assertThat(launches.obstacles(observed, List.of())).isEmpty();
        assertThat(launches.prepare(service("web", 1, runs("true")), List.of(), Step.INSTALL, "1"))
                .isEqualTo(new Prepared.Refused(List.of("it has nothing to install")));
    }

    @Test
    void anInstallNeedsNoPortAndNoneOfTheProgramsThatItMakes() {
        Service web = waiting(
                "web",
                ServiceSpec.builder()
                        .command(new Command.Exec(List.of("./made-by-install", "{port}")))
                        .install(new Command.Shell("sh make")));
        assertThat(launches.prepare(web, List.of(), Step.INSTALL, "1"))
                .isInstanceOfSatisfying(
                        Prepared.Ready.class,
                        ready -> assertThat(ready.spec().command()).isEqualTo(new Command.Shell("sh make")));
        assertThat(launches.obstacles(web, List.of())).isEmpty();
        assertThat(launches.unmet(ANN, web.key(), web.spec(), key -> false)).isEmpty();

        Service installed = web.withStatus(web.status()
                .with(web.status().runOrNone().withInstalled(launches.installInputs(web)), Optional.empty()));
        assertThat(launches.obstacles(installed, List.of()))
                .extracting(Obstacle::reason)
                .containsOnly(
                        "command not found: " + directory + "/made-by-install does not exist",
                        "waits for its own port");
    }

    @Test
    void whatIsToMendBeforeAnyPortIsAssignedIsToldByField() {
        ServiceSpec spec = ServiceSpec.builder()
                .command(new Command.Exec(List.of("{port}", "{services.db.port}", "{services.gone.port}")))
                .workingDirectory("/no/where")
                .healthCheck(HealthCheckSpec.http("http://localhost:{port}/"))
                .build();
        assertThat(launches.unmet(ANN, ServiceKey.parse("web"), spec, ServiceKey.parse("db")::equals))
                .extracting(fault -> fault.field() + ": " + fault.message())
                .containsExactly(
                        "workingDirectory: the working directory /no/where does not exist",
                        "command[2]: command[2] names the port of service gone, which is not declared");
    }

    /** The uid of the owner, who left, is somebody else's. */
    @ParameterizedTest
    @CsvSource({"carl, false", "ann, true"})
    void nothingIsRunAsWhoGotTheOwnersUid(String nameNow, boolean runs) {
        Accounts accounts = user -> new Account(User.of(user.uid(), nameNow), 1, List.of(1L), directory, "/bin/sh");
        launches = new Launches(
                ExecutionContexts.ofUsers(accounts, account -> new OwnFiles(), Map.of()), directory, "inst", () -> 0);
        Service web = service("web", 8000, runs("true"));
        if (runs) {
            assertThat(ready(web, List.of()).rights()).isInstanceOf(Rights.Of.class);
            return;
        }
        assertThat(refused(web, List.of()))
                .singleElement()
                .asString()
                .contains("belongs to ann", "uid 1000 is carl's now");
        assertThat(launches.rights(web)).isEmpty();
    }

    private static ServiceSpec.Builder runs(String command) {
        return ServiceSpec.builder().command(new Command.Shell(command));
    }

    private static Map<String, String> some(Gen gen, List<String> names, String from) {
        Map<String, String> chosen = new HashMap<>();
        names.stream().filter(name -> gen.chance(50)).forEach(name -> chosen.put(name, from + " " + name));
        return chosen;
    }

    private String write(Map<String, String> variables) {
        StringBuilder text = new StringBuilder();
        variables.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        try {
            return Files.writeString(directory.resolve("some.env"), text).toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private LaunchSpec ready(Service service, List<Service> all) {
        Prepared prepared = launches.prepare(service, all, Step.SERVICE, "launch-1");
        assertThat(prepared).isInstanceOf(Prepared.Ready.class);
        return ((Prepared.Ready) prepared).spec();
    }

    private List<String> refused(Service service, List<Service> all) {
        Prepared prepared = launches.prepare(service, all, Step.SERVICE, "launch-1");
        assertThat(prepared).isInstanceOf(Prepared.Refused.class);
        return ((Prepared.Refused) prepared).reasons();
    }
}
