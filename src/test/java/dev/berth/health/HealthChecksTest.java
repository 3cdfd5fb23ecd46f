package dev.berth.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.CommandRunner;
import dev.berth.host.Rights;
import dev.berth.plugin.Plugins;
import dev.berth.testing.PluginJar;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users' own kinds come as jars. */
class HealthChecksTest {
    private static final CommandRunner NO_COMMANDS = new CommandRunner() {
        @Override
        public Ran run(Order order) {
            return new Ran.NotRun("not here");
        }

        @Override
        public void close() {}
    };

    private static final Map<String, HealthCheck> BUILT_IN = HealthChecks.builtIn(System::nanoTime, NO_COMMANDS);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private URL jar(String type, String kind) throws IOException {
        return PluginJar.of(directory, HealthCheck.class, type, """
                package plugin;
                import dev.berth.health.HealthCheck;
                import dev.berth.model.HealthCheckSpec;
                import java.nio.file.Files;
                import java.nio.file.Path;
                import java.time.Duration;
                public final class %s implements HealthCheck {
                    public String kind() { return %s; }
                    public Result check(HealthCheckSpec spec, Context context) {
                        Path file = context.workingDirectory().orElse(Path.of("/")).resolve(spec.target());
                        boolean there = Files.exists(file);
                        return new Result(there, (there ? "there is " : "there is no ") + file.getFileName(), Duration.ofMillis(1));
                    }
                }
                """.formatted(type, kind));
    }

    private static Plugins.Found<HealthCheck> discover(URL... jars) throws IOException {
        List<Plugins.Found<HealthCheck>> found = new ArrayList<>();
        // Held open only while looking: what is found is loaded by then.
        try (URLClassLoader loader = new URLClassLoader(jars, HealthCheck.class.getClassLoader())) {
            found.add(HealthChecks.discover(BUILT_IN, loader));
        }
        return found.get(0);
    }

    @Test
    void findsThoseThatBerthBringsAlong() throws IOException {
        Plugins.Found<HealthCheck> found = discover();
        assertThat(found.byName()).containsOnlyKeys("http", "tcp", "command");
        assertThat(found.byName())
                .allSatisfy((kind, check) -> assertThat(check.kind()).isEqualTo(kind));
        assertThat(found.refusals()).isEmpty();
    }

    @Test
    void usesAKindFromAJar() throws IOException {
        Plugins.Found<HealthCheck> found = discover(jar("FileCheck", "\"file\""));
        assertThat(found.refusals()).isEmpty();
        assertThat(found.byName()).containsOnlyKeys("http", "tcp", "command", "file");
        HealthCheck check = found.byName().get("file");
        HealthCheck.Context here =
                new HealthCheck.Context(Map.of(), Optional.of(directory), Optional.of(Rights.OWN), OptionalInt.empty());
        assertThat(check.check(Specs.of("file", "FileCheck.jar", Duration.ofSeconds(1)), here))
                .isEqualTo(new HealthCheck.Result(true, "there is FileCheck.jar", Duration.ofMillis(1)));
        assertThat(check.check(Specs.of("file", "nothing", Duration.ofSeconds(1)), here)
                        .healthy())
                .isFalse();
    }

    @Test
    void whatIsBuiltInCantBeReplaced() throws IOException {
        Plugins.Found<HealthCheck> found = discover(
                jar("Mine", "\"http\""),
                jar("One", "\"twice\""),
                jar("Other", "\"twice\""),
                jar("Field", "\"timeout\""));
        assertThat(found.byName()).containsExactlyInAnyOrderEntriesOf(BUILT_IN);
        assertThat(found.refusals())
                .hasSize(3)
                .anyMatch(words -> words.contains("\"timeout\"") && words.contains("field"))
                .anyMatch(
                        words -> words.contains("\"http\"") && words.contains("built-in") && words.contains("Mine.jar"))
                .anyMatch(words -> words.contains("two health checks are called \"twice\""));
    }
}
