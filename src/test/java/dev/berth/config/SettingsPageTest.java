package dev.berth.config;

import dev.berth.testing.GeneratedFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The reference of settings, made of the catalog. */
class SettingsPageTest {
    private static final String HEAD = """
            # Settings

            Made from the catalog in the code; don't edit by hand. `GET /settings` (`Accept: text/plain` for a table) shows what holds on
            a running Berth, and where each value came from.

            | source | how | wins over |
            |---|---|---|
            | command line | `berth serve --set conflicts.strategy=conservative` | all |
            | environment | `BERTH_CONFLICTS_STRATEGY=conservative` | all below |
            | REST | `PATCH /settings` with `{"conflicts": {"strategy": "conservative"}}` or `{"conflicts.strategy": …}`; kept over restarts | all below |
            | `.env` | in the directory that `berth` was called from; not for settings marked *not from .env* | all below |
            | file | `settings:` of a `berth.yaml` that was applied | the default |
            | default | | |

            A change through REST or by a file holds at once. `null` puts a setting back: what REST or a file said of it is
            forgotten. What command line or environment decided
            can't be changed through REST: that is refused with 409. Lists are written as lists, or with commas between.

            """;

    @Test
    void thePageSaysWhatTheCatalogSays() {
        Map<String, StringBuilder> sections = new LinkedHashMap<>();
        for (Setting<?> setting : SettingCatalog.ALL) {
            int dot = setting.key().indexOf('.');
            sections.computeIfAbsent(dot < 0 ? "" : setting.key().substring(0, dot), any -> new StringBuilder())
                    .append(row(setting));
        }
        // Those without a section come last.
        sections.put("", Optional.ofNullable(sections.remove("")).orElseThrow());
        StringBuilder page = new StringBuilder(HEAD);
        sections.forEach((name, rows) -> page.append("## ")
                .append(name.isEmpty() ? "Others" : "`" + name + "`")
                .append("\n\n| key | meaning | allowed | default | variable |\n|---|---|---|---|---|\n")
                .append(rows)
                .append('\n'));
        page.setLength(page.length() - 1);
        GeneratedFile.assertSays(Path.of("docs/settings.md"), page.toString());
    }

    private static String row(Setting<?> setting) {
        return String.format(
                Locale.ROOT,
                "| `%s` | %s%s | %s | %s | `%s` |\n",
                setting.key(),
                setting.meaning(),
                setting.decidesWhoGetsIn() ? " (*not from .env*)" : "",
                setting.allowed(),
                setting.defaultText().isEmpty() ? "none" : "`" + setting.defaultText() + "`",
                setting.environmentName());
    }
}
