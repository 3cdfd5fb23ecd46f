package dev.berth.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.berth.metrics.Metric;
import dev.berth.metrics.MetricCatalog;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The dashboard and the rules speak of metrics that exist, with labels that they have. That the catalog is what a live daemon
 * tells is held by {@code MetricsHttpTest}.
 */
class MonitoringFilesTest {
    private static final Path DASHBOARD = Path.of("deploy/grafana/berth.json");
    private static final Path PROMETHEUS = Path.of("deploy/prometheus");
    private static final Path RULES = PROMETHEUS.resolve("berth.rules.yml");

    private static final Map<String, Metric> KNOWN =
            MetricCatalog.ALL.stream().collect(Collectors.toMap(Metric::name, Function.identity()));

    private static final Pattern METRIC = Pattern.compile("\\bberth[_:][a-z0-9_:]+(?:\\{([^}]*)\\})?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on|without|ignoring)\\s*\\(([^)]*)\\)");

    /** What Prometheus itself puts on every series. */
    private static final Set<String> OF_THE_TARGET = Set.of("job", "instance");

    private record Rules(List<String> expressions, Set<String> recorded) {}

    private static Rules rules() throws IOException {
        List<String> expressions = new ArrayList<>();
        Set<String> recorded = new TreeSet<>();
        for (JsonNode group : new YAMLMapper().readTree(RULES.toFile()).get("groups")) {
            for (JsonNode rule : group.get("rules")) {
                expressions.add(rule.get("expr").asText());
                if (rule.has("record")) {
                    recorded.add(rule.get("record").asText());
                }
            }
        }
        return new Rules(expressions, recorded);
    }

    private static List<String> dashboard() throws IOException {
        JsonNode root = new ObjectMapper().readTree(DASHBOARD.toFile());
        List<String> expressions = new ArrayList<>();
        root.findValues("expr").forEach(each -> expressions.add(each.asText()));
        root.findValues("definition").forEach(each -> expressions.add(each.asText()));
        return expressions;
    }

    /** What an expression says that is not so. */
    private static List<String> faults(String expression, Set<String> recorded) {
        List<String> faults = new ArrayList<>();
        Set<String> labels = new HashSet<>(OF_THE_TARGET);
        Matcher metric = METRIC.matcher(expression);
        boolean any = false;
        boolean open = false;
        while (metric.find()) {
            any = true;
            String name = metric.group().replaceAll("\\{.*", "");
            if (recorded.contains(name)) {
                // Its labels are those of its own expression.
                open = true;
                continue;
            }
            Metric known = KNOWN.getOrDefault(name, KNOWN.get(name.replaceAll("_(bucket|sum|count)$", "")));
            if (known == null) {
                faults.add(name + " does not exist");
                continue;
            }
            labels.addAll(known.labels());
            if (name.endsWith("_bucket")) {
                labels.add("le");
            }
            Matcher label = LABEL.matcher(metric.group(1) == null ? "" : metric.group(1));
            while (label.find()) {
                if (!known.labels().contains(label.group(1)) && !OF_THE_TARGET.contains(label.group(1))) {
                    faults.add(name + " has no label " + label.group(1));
                }
            }
        }
        Matcher grouping = GROUPING.matcher(expression);
        while (!open && grouping.find()) {
            for (String label : grouping.group(1).split(",", -1)) {
                if (!labels.contains(label.strip())) {
                    faults.add("nothing in it has a label " + label.strip());
                }
            }
        }
        if (!any && !expression.startsWith("up{")) {
            faults.add("it speaks of no metric of Berth");
        }
        return faults;
    }

    @Test
    void theRulesSpeakOfWhatExists() throws IOException {
        Rules rules = rules();
        assertThat(rules.expressions())
                .hasSizeGreaterThan(15)
                .allSatisfy(expression -> assertThat(faults(expression, rules.recorded()))
                        .as(expression)
                        .isEmpty());
    }

    @Test
    void theDashboardSpeaksOfWhatExists() throws IOException {
        Set<String> recorded = rules().recorded();
        assertThat(dashboard())
                .hasSizeGreaterThan(30)
                .allSatisfy(expression ->
                        assertThat(faults(expression, recorded)).as(expression).isEmpty());
    }

    @Test
    void theCheckSeesWhatIsWrong() {
        assertThat(faults("sum(berth_no_such_thing)", Set.of())).hasSize(1);
        assertThat(faults("berth_queue_depth{service=\"web\"}", Set.of())).hasSize(1);
        assertThat(faults("sum by (color) (berth_ports)", Set.of())).hasSize(1);
        assertThat(faults("rate(berth_look_seconds_bucket{look=\"port\"}[5m])", Set.of()))
                .isEmpty();
    }

    /** Imported twice, it replaces itself; and no panel depends on the name that a data source has on one machine. */
    @Test
    void theDashboardCanBeImportedAnywhere() throws IOException {
        JsonNode root = new ObjectMapper().readTree(DASHBOARD.toFile());
        assertThat(root.get("uid").asText()).isEqualTo("berth");
        List<Integer> ids = new ArrayList<>();
        for (JsonNode panel : root.get("panels")) {
            ids.add(panel.get("id").asInt());
            if (!panel.get("type").asText().equals("row")) {
                assertThat(panel.get("datasource").get("uid").asText()).isEqualTo("${datasource}");
                assertThat(panel.get("description").asText()).isNotBlank();
            }
        }
        assertThat(ids).doesNotHaveDuplicates();
        List<String> variables = root.get("templating").get("list").findValuesAsText("name");
        assertThat(variables).contains("datasource", "job", "instance", "namespace", "service");
        Matcher used = Pattern.compile("\\$\\{?(\\w+)").matcher(String.join("\n", dashboard()));
        while (used.find()) {
            assertThat(variables.contains(used.group(1)) || used.group(1).startsWith("__"))
                    .as("$%s is a variable", used.group(1))
                    .isTrue();
        }
    }

    @Test
    void promtoolAcceptsRulesAndScrapeAndTheRulesPassTheirTests() throws Exception {
        run("check", "rules", "--lint=all", "--lint-fatal", RULES.toString());
        run("check", "config", PROMETHEUS.resolve("prometheus.yml").toString());
        run("test", "rules", PROMETHEUS.resolve("berth.rules.test.yml").toString());
    }

    private static void run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Tools.require("promtool").toString()));
        command.addAll(List.of(arguments));
        Process promtool = new ProcessBuilder(command).redirectErrorStream(true).start();
        promtool.getOutputStream().close();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
    }
}
