package dev.berth;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The drawing of the house, held by the build: which package may know which, what each may import from outside, and
 * the habits that reviews should not have to repeat. The reasons stand in CONTRIBUTING.md and docs/adr.
 */
class ArchitectureTest {

    private static final String ROOT = "dev.berth";

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /** Who may know whom. A package that is not named here does not belong in the house. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("model", Set.of()),
            Map.entry("plugin", Set.of()),
            Map.entry("source", Set.of("plugin")),
            Map.entry("report", Set.of("model")),
            Map.entry("plan", Set.of("plugin", "model")),
            Map.entry("host", Set.of("model")),
            Map.entry("health", Set.of("plugin", "host", "model")),
            Map.entry("store", Set.of("model")),
            Map.entry("config", Set.of("model")),
            Map.entry("launch", Set.of("host", "model")),
            Map.entry("logs", Set.of("model")),
            Map.entry("control", Set.of("plan", "host", "launch", "health", "store", "model")),
            Map.entry("metrics", Set.of("control", "host", "notify", "store", "model")),
            Map.entry("notify", Set.of("store", "model")),
            Map.entry("host.linux", Set.of("host", "model")),
            Map.entry("host.portable", Set.of("host", "model")),
            Map.entry("store.sqlite", Set.of("store", "model")),
            Map.entry(
                    "api",
                    Set.of(
                            "control", "plan", "host", "launch", "logs", "health", "notify", "source", "report",
                            "store", "config", "model")),
            Map.entry("web", Set.of("control", "plan", "host", "health", "store", "config", "model")));

    /** Each pattern of {@link #FRAMEWORKS} beside the JDK and JSpecify, which everyone may use. */
    private static final String[] CDI = {
        "jakarta.inject..", "jakarta.enterprise..", "jakarta.annotation..", "io.quarkus.arc.."
    };

    private static final String[] JACKSON = {"com.fasterxml.jackson.."};
    private static final String[] LOG = {"org.jboss.logging.."};
    private static final String[] WEB = {
        "jakarta.ws.rs..",
        "org.jboss.resteasy..",
        "io.quarkiverse.resteasy.problem..",
        "io.quarkus.vertx.http..",
        "io.vertx..",
        "io.netty..",
        "io.smallrye.mutiny..",
        "io.smallrye.common.annotation..",
        "org.reactivestreams..",
        "org.eclipse.microprofile.openapi..",
        "org.eclipse.microprofile.health..",
        "io.smallrye.health.."
    };

    private static final Map<String, String[]> FRAMEWORKS = Map.ofEntries(
            Map.entry("model", new String[0]),
            Map.entry("plan", new String[0]),
            Map.entry("plugin", new String[0]),
            Map.entry("source", new String[0]),
            Map.entry("report", new String[0]),
            Map.entry("control", new String[0]),
            Map.entry("host", new String[0]),
            // The JDK's own, which lies outside of java..
            Map.entry("health", new String[] {"javax.net.ssl.."}),
            Map.entry("launch", new String[0]),
            Map.entry("logs", new String[0]),
            Map.entry("store", new String[0]),
            Map.entry("notify", join(JACKSON, new String[0], "javax.crypto..", "javax.net.ssl..")),
            Map.entry("metrics", new String[] {"io.prometheus.client..", "io.micrometer.core.."}),
            Map.entry("host.linux", join(CDI, LOG, "com.sun.jna..")),
            Map.entry("host.portable", join(CDI, LOG, "oshi..")),
            // Jackson writes the journal's snapshots, the driver's codes tell busy from full.
            Map.entry(
                    "store.sqlite",
                    join(
                            join(CDI, JACKSON),
                            LOG,
                            "jakarta.persistence..",
                            "jakarta.transaction..",
                            "io.quarkus.hibernate..",
                            "io.quarkus.panache..",
                            "io.quarkus.narayana..",
                            "io.agroal..",
                            "org.hibernate..",
                            "org.flywaydb..",
                            "org.sqlite..")),
            Map.entry(
                    "config",
                    join(
                            JACKSON,
                            LOG,
                            "org.yaml.snakeyaml..",
                            "io.smallrye.config..",
                            "org.eclipse.microprofile.config..")),
            Map.entry("api", join(join(CDI, JACKSON), join(LOG, WEB))),
            Map.entry("web", join(join(CDI, JACKSON), join(LOG, WEB))));

    private static final String[] PURE =
            exactly("model", "plugin", "source", "plan", "control", "host", "launch", "logs", "health", "store");

    private static final String APP = ROOT + ".app..";

    @Test
    void readsTheProgram() {
        // A rule about no classes holds for anything.
        assertThat(MAIN).isNotEmpty();
    }

    @Test
    void everyPackageHasItsPlace() {
        assertThat(MAIN.stream().map(JavaClass::getPackageName).distinct())
                .allSatisfy(name -> assertThat(ARROWS.keySet().stream()
                                        .map(known -> ROOT + "." + known)
                                        .anyMatch(name::equals)
                                || name.equals(ROOT + ".app")
                                || name.startsWith(ROOT + ".app."))
                        .as("%s is in the drawing (ARROWS)", name)
                        .isTrue());
    }

    @TestFactory
    Stream<DynamicTest> arrows() {
        return ARROWS.entrySet().stream().map(arrow -> {
            String[] allowed = Stream.concat(Stream.of(arrow.getKey()), arrow.getValue().stream())
                    .map(name -> ROOT + "." + name)
                    .toArray(String[]::new);
            return rule(
                    arrow.getKey() + " knows only " + sorted(arrow.getValue()),
                    noClasses()
                            .that()
                            .resideInAPackage(ROOT + "." + arrow.getKey())
                            .should()
                            .dependOnClassesThat(
                                    resideInAnyPackage(ROOT + "..").and(resideOutsideOfPackages(allowed))));
        });
    }

    @TestFactory
    Stream<DynamicTest> frameworks() {
        return FRAMEWORKS.entrySet().stream()
                .map(entry -> rule(
                        entry.getKey() + " imports only what it may",
                        classes()
                                .that()
                                .resideInAPackage(ROOT + "." + entry.getKey())
                                .should()
                                .onlyDependOnClassesThat(resideInAnyPackage(join(
                                        entry.getValue(), new String[0], ROOT + "..", "java..", "org.jspecify..")))));
    }

    @TestFactory
    Stream<DynamicTest> habits() {
        return Stream.of(
                rule("only app reads a real clock", nobodyButApp("reads a clock", ArchitectureTest::readsClock)),
                rule(
                        "nobody sleeps",
                        noClasses().should().accessTargetWhere(describe("sleeps", ArchitectureTest::sleeps))),
                rule(
                        "only app speaks on the standard streams",
                        nobodyButApp("prints", ArchitectureTest::printsToStandardStreams)),
                rule("only app ends the program", nobodyButApp("exits", ArchitectureTest::exits)),
                rule(
                        "only the host's implementations start or end processes",
                        noClasses()
                                .that()
                                .resideOutsideOfPackages(exactly("host.linux", "host.portable"))
                                .should()
                                .accessTargetWhere(
                                        describe("starts or ends a process", ArchitectureTest::startsOrEndsProcess))),
                rule(
                        "children are started where the reaper of orphans knows of them",
                        noClasses()
                                .that()
                                .doNotHaveSimpleName("OwnChildren")
                                .should()
                                .callMethod(ProcessBuilder.class, "start")),
                rule(
                        "dependencies come through constructors",
                        noFields()
                                .should()
                                .beAnnotatedWith("jakarta.inject.Inject")
                                .orShould()
                                .beAnnotatedWith("org.eclipse.microprofile.config.inject.ConfigProperty")
                                .orShould()
                                .beAnnotatedWith("jakarta.persistence.PersistenceContext")),
                rule(
                        "names say what a class is",
                        noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?|Impl|Data|Info)")),
                rule(
                        "pure packages do not log",
                        noClasses()
                                .that()
                                .resideInAnyPackage(PURE)
                                .should()
                                .dependOnClassesThat(
                                        resideInAnyPackage("java.util.logging..", "org.jboss.logging..", "org.slf4j.."))
                                .orShould()
                                .dependOnClassesThat()
                                .areAssignableTo(System.Logger.class)),
                rule(
                        "entities stay in the store",
                        classes()
                                .that()
                                .areAnnotatedWith("jakarta.persistence.Entity")
                                .or()
                                .areAnnotatedWith("jakarta.persistence.Embeddable")
                                .should()
                                .resideInAPackage(ROOT + ".store.sqlite")),
                rule(
                        "what is static is final",
                        fields().that().areStatic().should().beFinal()));
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(MAIN.stream().map(JavaClass::getPackage).distinct())
                .allSatisfy(each -> assertThat(each.isAnnotatedWith(NullMarked.class))
                        .as("%s has a package-info.java with @NullMarked and its guarantees", each.getName())
                        .isTrue());
    }

    private static ArchRule nobodyButApp(String what, Predicate<JavaAccess<?>> does) {
        return noClasses().that().resideOutsideOfPackage(APP).should().accessTargetWhere(describe(what, does));
    }

    // A method reference (System::nanoTime) is an access as much as a call is.

    private static boolean readsClock(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        return isMember(access, System.class, "currentTimeMillis", "nanoTime")
                || isMember(access, Date.class, "<init>")
                || (owner.getPackageName().equals("java.time")
                        && access.getName().equals("now"))
                || (owner.isAssignableTo(InstantSource.class)
                        && access.getName().matches("(system|tick).*"));
    }

    private static boolean sleeps(JavaAccess<?> access) {
        return access.getName().equals("sleep")
                && access.getTargetOwner().getPackageName().startsWith("java.");
    }

    private static boolean printsToStandardStreams(JavaAccess<?> access) {
        return isMember(access, System.class, "out", "err") || access.getName().equals("printStackTrace");
    }

    private static boolean exits(JavaAccess<?> access) {
        return isMember(access, System.class, "exit") || isMember(access, Runtime.class, "exit", "halt");
    }

    private static boolean startsOrEndsProcess(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        return isMember(access, Runtime.class, "exec")
                || owner.isAssignableTo(ProcessBuilder.class)
                || ((owner.isAssignableTo(ProcessHandle.class) || owner.isAssignableTo(Process.class))
                        && access.getName().startsWith("destroy"));
    }

    private static boolean isMember(JavaAccess<?> access, Class<?> owner, String... names) {
        return access.getTargetOwner().isEquivalentTo(owner) && List.of(names).contains(access.getName());
    }

    private static DynamicTest rule(String name, ArchRule rule) {
        // A package may still be empty.
        return DynamicTest.dynamicTest(name, () -> rule.allowEmptyShould(true).check(MAIN));
    }

    private static String[] exactly(String... packages) {
        return Stream.of(packages).map(name -> ROOT + "." + name).toArray(String[]::new);
    }

    private static String[] join(String[] first, String[] second, String... more) {
        return Stream.of(first, second, more).flatMap(Stream::of).toArray(String[]::new);
    }

    private static String sorted(Set<String> names) {
        return names.isEmpty()
                ? "itself"
                : String.join(", ", names.stream().sorted().toList());
    }
}
