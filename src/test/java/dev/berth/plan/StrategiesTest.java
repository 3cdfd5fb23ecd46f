package dev.berth.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.DecisionKind;
import dev.berth.model.ServiceSpec;
import dev.berth.plugin.Plugins;
import dev.berth.testing.PluginJar;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users' own strategies come as jars. */
class StrategiesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private static String source(String type, String name, String body) {
        return """
                package plugin;
                import dev.berth.plan.Contest;
                import dev.berth.plan.Strategy;
                import dev.berth.model.DecisionKind;
                public final class %s implements Strategy {
                    public String name() { return %s; }
                    public Decision decide(Contest contest) { %s }
                }
                """.formatted(type, name, body);
    }

    private static final String POLITE =
            "return new Decision(DecisionKind.MIGRATE, \"politely, because of \" + contest.holder().description());";

    private URL jar(String type, String name, String body) throws IOException {
        return PluginJar.of(directory, Strategy.class, type, source(type, name, body));
    }

    private static Plugins.Found<Strategy> discover(URL... jars) throws IOException {
        List<Plugins.Found<Strategy>> found = new ArrayList<>();
        // Held open only while looking: what is found is loaded by then.
        try (URLClassLoader loader = new URLClassLoader(jars, Strategy.class.getClassLoader())) {
            found.add(Strategies.discover(loader));
        }
        return found.get(0);
    }

    @Test
    void findsThoseThatBerthBringsAlong() throws IOException {
        Plugins.Found<Strategy> discovered = discover();
        assertThat(discovered.byName()).containsOnlyKeys("conservative", "aggressive", "intelligent");
        assertThat(discovered.refusals()).isEmpty();
    }

    @Test
    void usesAStrategyFromAJar() throws IOException {
        Plugins.Found<Strategy> discovered = discover(jar("Polite", "\"polite\"", POLITE));
        assertThat(discovered.refusals()).isEmpty();
        Plan plan = World.wanting(
                        ServiceSpec.builder().port(8000).strategy("polite").build())
                .listens(8000, World.process(7, World.ANN, "node server.js"))
                .plan(new Planner(discovered.byName()));
        assertThat(plan.actions()).first().isInstanceOfSatisfying(Action.OpenConflict.class, open -> {
            assertThat(open.strategy()).isEqualTo("polite");
            assertThat(open.decision()).isEqualTo(DecisionKind.MIGRATE);
            assertThat(open.reason()).startsWith("politely, because of node server.js");
        });
    }

    @Test
    void refusesDuplicatesBadNamesAndBrokenJarsWithWords() throws IOException {
        Plugins.Found<Strategy> discovered = discover(
                jar("First", "\"twice\"", POLITE),
                jar("Second", "\"twice\"", POLITE),
                jar("Taken", "\"aggressive\"", POLITE),
                jar("Shouting", "\"LOUD!\"", POLITE),
                jar("Nameless", "null", POLITE),
                jar("Throwing", "String.valueOf(1 / Integer.parseInt(\"0\"))", POLITE),
                PluginJar.naming(directory, Strategy.class, "Missing", "plugin.NotThere", Optional.empty()),
                PluginJar.naming(directory, Strategy.class, "Garbage", "this is no class name", Optional.empty()),
                jar("Polite", "\"polite\"", POLITE));
        assertThat(discovered.byName()).containsOnlyKeys("conservative", "aggressive", "intelligent", "polite");
        assertThat(discovered.byName().get("aggressive")).isInstanceOf(AggressiveStrategy.class);
        assertThat(discovered.refusals())
                .hasSize(7)
                .anyMatch(words -> words.contains("two strategies are called \"twice\"")
                        && words.contains("First.jar")
                        && words.contains("Second.jar"))
                .anyMatch(words -> words.contains("\"aggressive\"") && words.contains("built-in"))
                .anyMatch(words -> words.contains("LOUD!"))
                .anyMatch(words -> words.contains("Nameless"))
                .anyMatch(words -> words.contains("/ by zero"))
                .anyMatch(words -> words.contains("plugin.NotThere"))
                .anyMatch(words -> words.contains("Garbage.jar"));
    }

    @Test
    void aStrategyThatFailsOrIsMissingTouchesNothing() {
        Map<String, Strategy> broken = Map.of("broken", new Strategy() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public Decision decide(Contest contest) {
                throw new IllegalStateException("a bad day");
            }
        });
        for (String name : List.of("broken", "unknown")) {
            Plan plan = World.wanting(
                            ServiceSpec.builder().port(8000).strategy(name).build())
                    .listens(8000, World.process(7, World.ANN, "node server.js"))
                    .plan(new Planner(broken));
            assertThat(plan.actions()).first().isInstanceOfSatisfying(Action.OpenConflict.class, open -> {
                assertThat(open.decision()).isEqualTo(DecisionKind.MIGRATE);
                assertThat(open.reason()).contains("\"" + name + "\"").contains("conservative decides");
            });
        }
    }
}
