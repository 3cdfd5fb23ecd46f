package dev.berth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.berth.config.Documents;
import dev.berth.model.Caller;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.plan.BerthIdentity;
import dev.berth.plugin.Plugins;
import dev.berth.source.DeclarationSource;
import dev.berth.source.Sources;
import dev.berth.source.WatchedFile;
import dev.berth.testing.FreePorts;
import dev.berth.testing.PluginJar;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources of declarations, looked at by hand. */
@QuarkusTest
class SourceWatchTest {
    private static final String FRAGMENTS = """
            package plugin;

            import dev.berth.source.DeclarationSource;
            import java.io.IOException;
            import java.nio.file.*;
            import java.util.*;

            /** Every file of a directory is a fragment. */
            public class Fragments implements DeclarationSource {
                public String name() { return "fragments"; }
                public List<Text> read() throws IOException {
                    Path directory = Path.of(System.getProperty("berth.test.fragments"));
                    List<Text> texts = new ArrayList<>();
                    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.yaml")) {
                        for (Path file : files) {
                            texts.add(new Text(file.getFileName().toString(), Files.readAllBytes(file), Optional.of(directory)));
                        }
                    }
                    return texts;
                }
            }
            """;

    @Inject
    Backend backend;

    @Inject
    BerthIdentity berth;

    @TempDir
    Path directory;

    private final List<String> warnings = new ArrayList<>();

    @AfterEach
    void removeWhatWasDeclared() {
        System.clearProperty("berth.test.fragments");
        backend.registry().services().stream()
                .filter(service -> service.key().namespace().startsWith("watch-"))
                .forEach(
                        service -> given().delete("/namespaces/" + service.key().namespace() + "/services/"
                                + service.key().name()));
    }

    private SourceWatch watch(DeclarationSource source) {
        return new SourceWatch(
                source,
                new StackCalls(backend),
                Caller.owner(berth.user()),
                InstantSource.system(),
                line -> {},
                warnings::add);
    }

    private SourceWatch watch(Path file) {
        return watch(new WatchedFile(file, Documents.MAX_BYTES));
    }

    /** A change counts when it was met twice. */
    private static void settle(SourceWatch watch) {
        watch.look();
        watch.look();
    }

    private Optional<ServiceSpec> spec(String key) {
        return backend.declaredSpec(ServiceKey.parse(key));
    }

    private static SourceState only(SourceWatch watch) {
        assertThat(watch.states()).hasSize(1);
        return watch.states().get(0);
    }

    private static int declarations() {
        return given().get("/audit?action=ServiceDeclared&service=watch-a/web&limit=500")
                .jsonPath()
                .getList("items")
                .size();
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("berth.yaml"), text);
    }

    @Test
    void isAppliedAtOnceAndAgainWhenItChanges() throws Exception {
        int port = FreePorts.take();
        SourceWatch watch =
                watch(write("services: {watch-a/web: {port: " + port + ", envFile: web.env}, watch-a/old: {}}"));
        watch.look();
        assertThat(spec("watch-a/web").orElseThrow().port()).hasValue(port);
        assertThat(spec("watch-a/web").orElseThrow().envFile())
                .as("seen from the file")
                .contains(directory.resolve("web.env").toString());
        assertThat(only(watch).state()).isEqualTo(SourceState.State.APPLIED);

        write("services: {watch-a/web: {port: " + port + ", critical: true}}");
        watch.look();
        assertThat(spec("watch-a/web").orElseThrow().critical())
                .as("it may be half-written")
                .isFalse();
        watch.look();
        assertThat(spec("watch-a/web").orElseThrow().critical()).isTrue();
        assertThat(spec("watch-a/old"))
                .as("the file says nothing of it any longer")
                .isEmpty();

        int declared = declarations();
        settle(watch);
        assertThat(declarations()).as("nothing changed, nothing is declared").isEqualTo(declared);
    }

    @Test
    void aBrokenEditKeepsWhatWasGoodAndSaysSoOnce() throws Exception {
        SourceWatch watch = watch(write("services: {watch-b/web: {port: 1234}}"));
        watch.look();
        String[] broken = {
            "services:\n  watch-b/web:\n    prot: 1\n", "services: [", "", "a: 1\na: 2\n", "services:\n\tweb: {}\n"
        };
        for (String text : broken) {
            write(text);
            settle(watch);
            settle(watch);
            assertThat(only(watch).state()).as(text).isEqualTo(SourceState.State.REFUSED);
            assertThat(spec("watch-b/web")).as(text).isPresent();
        }
        assertThat(warnings).hasSize(broken.length);
        assertThat(warnings.get(0)).contains("berth.yaml", "did you mean \"port\"", "line 3", "stays");
        given().get("/audit?action=DeclarationsRefused&limit=1")
                .then()
                .body("items[0].target.kind", equalTo("Source"))
                .body("items[0].reason", org.hamcrest.Matchers.containsString("this is not YAML"));

        write("services: {watch-b/web: {port: 1235}}");
        settle(watch);
        assertThat(only(watch).state()).isEqualTo(SourceState.State.APPLIED);
        assertThat(spec("watch-b/web").orElseThrow().port()).hasValue(1235);
    }

    @Test
    void aFileThatVanishesTakesNothingWithIt() throws Exception {
        Path file = write("services: {watch-c/web: {port: 1234}}");
        SourceWatch watch = watch(file);
        watch.look();
        Files.delete(file);
        settle(watch);
        settle(watch);
        assertThat(only(watch).state()).isEqualTo(SourceState.State.UNREADABLE);
        assertThat(only(watch).message()).contains(file + " is not there");
        assertThat(only(watch).appliedAt()).isPresent();
        assertThat(spec("watch-c/web")).isPresent();
        assertThat(warnings).hasSize(1);

        write("services: {watch-c/web: {port: 1236}}");
        settle(watch);
        assertThat(spec("watch-c/web").orElseThrow().port()).hasValue(1236);
    }

    @Test
    void seesFilesThatAreReplacedByRenameAndThroughLinks() throws Exception {
        Path real = Files.createDirectory(directory.resolve("the real one")).resolve("stack.yaml");
        Files.writeString(real, "services: {watch-d/web: {port: 1, workingDirectory: src}}");
        Path link = Files.createSymbolicLink(directory.resolve("berth.yaml"), real);
        SourceWatch watch = watch(link);
        watch.look();
        assertThat(spec("watch-d/web").orElseThrow().workingDirectory())
                .as("seen from where it is named, not from where the link leads")
                .contains(directory.resolve("src").toString());

        Path next = Files.writeString(directory.resolve("next"), "services: {watch-d/web: {port: 2}}");
        Files.move(next, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        settle(watch);
        assertThat(spec("watch-d/web").orElseThrow().port()).hasValue(2);

        Path other = Files.writeString(directory.resolve("other.yaml"), "services: {watch-d/web: {port: 3}}");
        Path swap = Files.createSymbolicLink(directory.resolve("swap"), other);
        Files.move(swap, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        settle(watch);
        assertThat(spec("watch-d/web").orElseThrow().port()).hasValue(3);
    }

    @Test
    void aNewNameOfTheStackTakesOverFromTheOldOne() throws Exception {
        SourceWatch watch = watch(write("{stack: watch-one, services: {watch-e/a: {}, watch-e/b: {}}}"));
        watch.look();
        write("{stack: watch-two, services: {watch-e/b: {}}}");
        settle(watch);
        assertThat(spec("watch-e/a")).isEmpty();
        assertThat(spec("watch-e/b")).isPresent();
    }

    @Test
    void saysWhatAnotherStackDeclaresToo() throws Exception {
        SourceWatch shop = watch(write("{stack: watch-shop, services: {watch-f/web: {port: 1}}}"));
        shop.look();
        String file = "{stack: watch-blog, services: {watch-f/web: {port: 2}}}";
        for (String query : List.of("?dryRun=true", "")) {
            assertThat(applied(file, query))
                    .contains("services.web", "the stack watch-shop declares a service of this name too");
        }
        assertThat(applied(file, "")).as("it is of this stack by now").doesNotContain("too");
        String export = "{services: {watch-f/web: {port: 2, annotations: {berth.dev/stack: watch-blog}}}}";
        assertThat(applied(export, "")).as("and that is what it says").doesNotContain("too");
        String nameless = "{services: {watch-f/web: {port: 2}}}";
        assertThat(applied(nameless, "")).as("nothing changes").doesNotContain("too");
        String other = "{services: {watch-f/web: {port: 3}}}";
        for (String query : List.of("?dryRun=true", "")) {
            assertThat(applied(other, query)).contains("the stack watch-blog declares a service of this name too");
        }
        assertThat(applied(other, "")).as("it is so by now").doesNotContain("too");
    }

    private static String applied(String file, String query) {
        ServicesHttpTest.textBodies();
        return given().contentType("application/yaml")
                .body(file)
                .post("/apply" + query)
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    @Test
    void reservesForHoldersAndGivesBack() throws Exception {
        List<Integer> ports = FreePorts.take(2);
        SourceWatch watch = watch(write(
                "reservations: [{holder: ci, port: " + ports.get(0) + "}, {holder: qa, port: " + ports.get(1) + "}]"));
        watch.look();
        given().get("/reservations/" + ports.get(0)).then().statusCode(200).body("holder", equalTo("ci"));
        given().get("/reservations?holder=qa").then().body("items.port", hasItem(ports.get(1)));
        write("reservations: [{holder: ci, port: " + ports.get(0) + "}]");
        settle(watch);
        given().get("/reservations/" + ports.get(0)).then().statusCode(200);
        given().get("/reservations/" + ports.get(1)).then().statusCode(404);
        write("services: {}");
        settle(watch);
        given().get("/reservations/" + ports.get(0)).then().statusCode(404);
    }

    @Test
    void aJarReadsADirectoryOfFragments() throws Exception {
        Path fragments = Files.createDirectory(directory.resolve("fragments"));
        System.setProperty("berth.test.fragments", fragments.toString());
        URL jar = PluginJar.of(directory, DeclarationSource.class, "Fragments", FRAGMENTS);
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar}, DeclarationSource.class.getClassLoader())) {
            Plugins.Found<DeclarationSource> found = Sources.discover(Optional.empty(), loader);
            assertThat(found.refusals()).isEmpty();
            SourceWatch watch = watch(found.byName().get("fragments"));

            Files.writeString(fragments.resolve("a.yaml"), "services: {watch-f/a: {workingDirectory: .}}");
            Files.writeString(fragments.resolve("b.yaml"), "services: {watch-f/b: {prot: 1}}");
            watch.look();
            assertThat(spec("watch-f/a").orElseThrow().workingDirectory()).contains(fragments.toString());
            assertThat(watch.states())
                    .extracting(SourceState::text, SourceState::state)
                    .containsExactly(
                            org.assertj.core.api.Assertions.tuple("a.yaml", SourceState.State.APPLIED),
                            org.assertj.core.api.Assertions.tuple("b.yaml", SourceState.State.REFUSED));

            Files.delete(fragments.resolve("a.yaml"));
            Files.writeString(fragments.resolve("b.yaml"), "services: {watch-f/b: {}}");
            settle(watch);
            assertThat(spec("watch-f/a")).as("its fragment is gone").isEmpty();
            assertThat(spec("watch-f/b")).isPresent();

            // Gone while nobody looked.
            Files.delete(fragments.resolve("b.yaml"));
            watch(found.byName().get("fragments")).look();
            assertThat(spec("watch-f/b")).isEmpty();
        }
    }

    @Test
    void aSourceThatThrowsKeepsEverything() {
        SourceWatch watch = watch(new DeclarationSource() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public List<Text> read() {
                throw new IllegalStateException("no network");
            }
        });
        settle(watch);
        assertThat(only(watch).words()).contains("no network");
        assertThat(warnings).hasSize(1);
    }

    @Test
    void withoutASourceTheListSaysHowToGetOne() {
        given().accept("text/plain")
                .get("/sources")
                .then()
                .statusCode(200)
                .body(org.hamcrest.Matchers.containsString("-f berth.yaml"));
        given().accept("application/json").get("/sources").then().body("kind", equalTo("SourceList"));
    }
}
