package dev.berth.metrics;

import dev.berth.testing.GeneratedFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The reference of metrics, made of the catalog. */
class MetricsPageTest {
    private static final String HEAD = """
            # Metrics

            Made from the catalog in the code; don't edit by hand.

            ```
            curl -s http://127.0.0.1:7171/metrics                        # text; OpenMetrics when the client asks for it
            curl -s http://127.0.0.1:7171/metrics | promtool check metrics
            ```

            Everything is named `berth_…`. What is so at this moment is read from memory when somebody scrapes: nothing is
            looked at for a scrape, and a machine that nobody scrapes does no work for it. Counters begin at 0 when Berth starts.
            A replica is a service of its own here (`web.1`). The series of a service go when it is deleted. No label holds
            a command, a path of a file or a value of a setting: whoever may call Berth may read metrics, and learns the names and ports of services.

            Ready to use: [a dashboard](../deploy/grafana/berth.json) for Grafana, [alert and recording rules](../deploy/prometheus/berth.rules.yml)
            and [a scrape configuration](../deploy/prometheus/prometheus.yml) for Prometheus.

            | what you want to know | how |
            |---|---|
            | is a service down that should run? | `berth_service_wanted == 1 and berth_service_up == 0` |
            | how often do ports get lost? | `sum by (decision) (increase(berth_conflicts_total[1d]))` |
            | does somebody have to decide? | `sum(berth_conflicts_open{state="awaiting_approval"})` |
            | what does watching cost? | `rate(berth_look_seconds_sum[5m])`, seconds per second, by kind of look |
            | how long do commits take? | `histogram_quantile(0.99, sum by (le) (rate(berth_store_commit_seconds_bucket[5m])))` |
            | is anything being kept? | `berth_store_in_memory == 0 and berth_store_writable == 1` |

            """;

    @Test
    void thePageSaysWhatTheCatalogSays() {
        Map<String, StringBuilder> sections = new LinkedHashMap<>();
        for (Metric metric : MetricCatalog.ALL) {
            sections.computeIfAbsent(section(metric.name()), any -> new StringBuilder())
                    .append(row(metric));
        }
        String tables = sections.entrySet().stream()
                .map(section -> "## " + section.getKey() + "\n\n| name | type | labels | meaning |\n|---|---|---|---|\n"
                        + section.getValue())
                .collect(Collectors.joining("\n"));
        GeneratedFile.assertSays(Path.of("docs/metrics.md"), HEAD + tables);
    }

    private static String section(String name) {
        if (name.startsWith("berth_service")) {
            return "Services";
        }
        if (name.matches("berth_(store|audit)_.*")) {
            return "Database";
        }
        if (name.matches("berth_(ports|reservations|conflicts.*|evictions.*|signals.*)")) {
            return "Ports and conflicts";
        }
        if (name.matches("berth_(look|last_look)_.*")) {
            return "Looking at the machine";
        }
        return name.matches("berth_(reconcile|queue|passes|last)_.*") ? "Loop" : "Berth itself";
    }

    private static String row(Metric metric) {
        return String.format(
                Locale.ROOT,
                "| `%s` | %s | %s | %s |\n",
                metric.name(),
                metric.type().name().toLowerCase(Locale.ROOT),
                metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", ")),
                metric.help());
    }
}
