package dev.berth.config;

import dev.berth.testing.GeneratedFile;
import java.nio.file.Path;
import java.util.Locale;
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
        StringBuilder page = new StringBuilder(HEAD);
        String section = "";
        for (Setting<?> setting : SettingCatalog.ALL) {
            String own = setting.key().contains(".")
                    ? setting.key().substring(0, setting.key().indexOf('.'))
                    : "";
            if (page.length() == HEAD.length() || !own.equals(section)) {
                page.append(String.format(Locale.ROOT, "\n## %s\n\n", own.isEmpty() ? "Alone" : "`" + own + "`"))
                        .append("| key | meaning | allowed | default | variable |\n|---|---|---|---|---|\n");
                section = own;
            }
            page.append(String.format(
                    Locale.ROOT,
                    "| `%s` | %s%s | %s | %s | `%s` |\n",
                    setting.key(),
                    setting.meaning(),
                    setting.decidesWhoGetsIn() ? " (*not from .env*)" : "",
                    setting.allowed(),
                    setting.defaultText().isEmpty() ? "none" : "`" + setting.defaultText() + "`",
                    setting.environmentName()));
        }
        GeneratedFile.assertSays(Path.of("docs/settings.md"), page.toString());
    }
}
