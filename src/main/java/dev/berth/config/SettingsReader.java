package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads settings from a tree such as {@code conflicts: {strategy: aggressive}}, in our spelling and the older one. */
public final class SettingsReader {
    /** What the sections {@code monitoring} and {@code conflict_resolution} say, with our keys. */
    private static final Map<String, String> MONITORING = Map.of(
            "interval", "reconcile.interval",
            "auto_resolve_conflicts", "reconcile.autoResolve",
            "health_check_interval", "health.interval");

    private static final Map<String, String> CONFLICT_RESOLUTION = Map.of(
            "strategy", "conflicts.strategy",
            "allow_port_migration", "conflicts.allowMigration",
            "preserve_external_processes", "conflicts.preserveForeign",
            "max_alternative_ports", "conflicts.maxAlternatives");

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> paths = new LinkedHashMap<>();
    private final Faults faults;

    private SettingsReader(Faults faults) {
        this.faults = faults;
    }

    /** Reads a merge patch of plain values; a {@code null} is not taken here. */
    public static Reading<Map<String, String>> read(JsonNode tree) {
        Faults faults = new Faults();
        SettingsReader reader = new SettingsReader(faults);
        if (tree.isObject()) {
            reader.tree(tree, "", "");
        } else {
            faults.add("", "settings are a map", tree);
        }
        return faults.isEmpty() ? new Reading.Valid<>(reader.values, faults.warnings()) : faults.refused();
    }

    /** Reads the sections of a file that hold settings; values by key, each valid for its setting. */
    static Map<String, String> read(Fields fields) {
        SettingsReader reader = new SettingsReader(fields.faults());
        fields.take("settings").ifPresent(given -> {
            if (given.node().isObject()) {
                reader.tree(given.node(), "", given.path());
            } else {
                fields.faults().add(given.path(), "settings are a map", given.node());
            }
        });
        fields.take("monitoring").ifPresent(given -> reader.twins(given, MONITORING, fields));
        fields.take("conflict_resolution").ifPresent(given -> reader.twins(given, CONFLICT_RESOLUTION, fields));
        return reader.values;
    }

    private void tree(JsonNode node, String key, String path) {
        node.properties().forEach(entry -> {
            String below = Document.member(key, entry.getKey());
            String at = Document.member(path, entry.getKey());
            if (entry.getValue().isObject()) {
                tree(entry.getValue(), below, at);
            } else {
                put(below, at, entry.getValue());
            }
        });
    }

    private void twins(Fields.Given section, Map<String, String> twins, Fields file) {
        Fields fields = Fields.of(section.node(), section.path(), "this section", file.faults());
        twins.forEach((twin, key) -> fields.take(twin).ifPresent(given -> {
            boolean seconds = key.endsWith("interval") && given.node().isIntegralNumber();
            JsonNode value = seconds ? TextNode.valueOf(given.node().asText() + "s") : given.node();
            put(key, given.path(), value);
        }));
        if (twins == MONITORING) {
            // Berth without its loop is no Berth: not watching means that nothing is done about what is seen.
            fields.flag("enabled")
                    .filter(enabled -> !enabled)
                    .ifPresent(off -> values.put("reconcile.autoResolve", "false"));
        }
        fields.end();
    }

    private void put(String key, String path, JsonNode value) {
        Optional<Setting<?>> setting = SettingCatalog.ALL.stream()
                .filter(each -> each.key().equals(key))
                .findFirst();
        if (setting.isEmpty()) {
            List<String> keys = SettingCatalog.ALL.stream().map(Setting::key).toList();
            faults.add(path, "there is no setting \"" + Texts.shorten(key) + "\"" + Texts.didYouMean(key, keys), value);
            return;
        }
        String before = paths.putIfAbsent(key, path);
        if (before != null) {
            faults.add(path, "this says the same as " + before + "; write one of them", value);
            return;
        }
        text(path, value).ifPresent(text -> {
            try {
                setting.get().parse(text, "this file");
                values.put(key, text);
            } catch (SettingException refused) {
                faults.add(path, key + " is " + setting.get().allowed(), value);
            }
        });
    }

    /** A list is written with commas, as in the environment. */
    private Optional<String> text(String path, JsonNode value) {
        if (value.isArray()) {
            List<String> items = new ArrayList<>();
            for (JsonNode each : value) {
                if (!each.isValueNode() || each.isNull() || each.asText().contains(",")) {
                    faults.add(path, "a list of plain values without commas is wanted", each);
                    return Optional.empty();
                }
                items.add(each.asText());
            }
            return Optional.of(String.join(",", items));
        }
        if (value.isNull()) {
            faults.add(path, "a value is wanted", value);
            return Optional.empty();
        }
        return Optional.of(value.asText());
    }
}
