package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads settings from a tree such as {@code conflicts: {strategy: aggressive}}, in our spelling and the older one. */
public final class SettingsReader {
    /** What the section {@code monitoring} says, with our keys. */
    static final Map<String, String> MONITORING = Map.of(
            "interval", "reconcile.interval",
            "auto_resolve_conflicts", "reconcile.autoResolve",
            "health_check_interval", "health.interval");

    /** What the section {@code conflict_resolution} says, with our keys. */
    static final Map<String, String> CONFLICT_RESOLUTION = Map.of(
            "strategy", "conflicts.strategy",
            "allow_port_migration", "conflicts.allowMigration",
            "preserve_external_processes", "conflicts.preserveForeign",
            "max_alternative_ports", "conflicts.maxAlternatives");

    /** The leaves of what {@code GET /settings} answers, so that it can be sent back. */
    private static final Set<String> ANSWERED = Set.of("value", "source", "default");

    private final Map<String, Optional<String>> values = new LinkedHashMap<>();
    private final Map<String, String> paths = new LinkedHashMap<>();
    private final boolean takesNull;
    private final Set<String> strategies;
    private final Faults faults;

    private SettingsReader(boolean takesNull, Set<String> strategies, Faults faults) {
        this.takesNull = takesNull;
        this.strategies = strategies;
        this.faults = faults;
    }

    /**
     * Reads a merge patch of plain values, as a tree or with dotted keys; what {@code GET /settings} answers is taken as
     * well. An empty value stands for {@code null}: back to what holds without it.
     *
     * @param strategies the names of those that exist
     */
    public static Reading<Map<String, Optional<String>>> patch(JsonNode tree, Set<String> strategies) {
        Faults faults = new Faults();
        SettingsReader reader = new SettingsReader(true, strategies, faults);
        if (tree.isObject()) {
            reader.tree(tree, "", "");
        } else {
            faults.add("", "settings are a map", tree);
        }
        return faults.isEmpty() ? new Reading.Valid<>(reader.values, faults.warnings()) : faults.refused();
    }

    /** Reads the sections of a file that hold settings; values by key, each valid for its setting. */
    static Map<String, String> read(Fields fields, Set<String> strategies) {
        SettingsReader reader = new SettingsReader(false, strategies, fields.faults());
        fields.take("settings").ifPresent(given -> {
            if (given.node().isObject()) {
                reader.tree(given.node(), "", given.path());
            } else {
                fields.faults().add(given.path(), "settings are a map", given.node());
            }
        });
        fields.take("monitoring").ifPresent(given -> reader.twins(given, MONITORING, fields));
        fields.take("conflict_resolution").ifPresent(given -> reader.twins(given, CONFLICT_RESOLUTION, fields));
        Map<String, String> given = new LinkedHashMap<>();
        reader.values.forEach((key, value) -> value.ifPresent(text -> given.put(key, text)));
        return Collections.unmodifiableMap(given);
    }

    private void tree(JsonNode node, String key, String path) {
        node.properties().forEach(entry -> {
            String below = Document.member(key, entry.getKey());
            String at = Document.member(path, entry.getKey());
            JsonNode value = entry.getValue();
            if (isAnswered(value)) {
                put(below, at, value.path("value"));
            } else if (value.isObject() && !value.isEmpty()) {
                tree(value, below, at);
            } else if (value.isObject() && isSection(below)) {
                // An empty section says nothing.
                return;
            } else if (value.isNull() && !SettingCatalog.knows(below)) {
                section(below, at, value);
            } else {
                put(below, at, value);
            }
        });
    }

    private static boolean isSection(String key) {
        return SettingCatalog.ALL.stream().anyMatch(setting -> setting.key().startsWith(key + "."));
    }

    private boolean isAnswered(JsonNode value) {
        if (!takesNull || !value.has("value") || value.size() > ANSWERED.size()) {
            return false;
        }
        return value.properties().stream().allMatch(each -> ANSWERED.contains(each.getKey()));
    }

    /** {@code conflicts: null} speaks of everything below. */
    private void section(String key, String path, JsonNode value) {
        List<String> below = SettingCatalog.ALL.stream()
                .map(Setting::key)
                .filter(each -> each.startsWith(key + "."))
                .toList();
        if (below.isEmpty()) {
            faults.add(path, SettingCatalog.unknown(key), value);
        }
        below.forEach(each -> put(each, path, value));
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
                    .ifPresent(off -> values.put("reconcile.autoResolve", Optional.of("false")));
        }
        fields.end();
    }

    private void put(String key, String path, JsonNode value) {
        SettingCatalog.named(key)
                .ifPresentOrElse(
                        setting -> put(setting, path, value),
                        () -> faults.add(path, SettingCatalog.unknown(key), value));
    }

    private void put(Setting<?> setting, String path, JsonNode value) {
        String before = paths.putIfAbsent(setting.key(), path);
        if (before != null) {
            faults.add(path, "this says the same as " + before + "; write one of them", value);
        } else if (value.isNull() && takesNull) {
            values.put(setting.key(), Optional.empty());
        } else {
            if (setting.structure().isPresent() && value.isContainerNode()) {
                parse(setting, path, value.toString(), value);
            } else {
                text(path, value, text -> parse(setting, path, text, value));
            }
        }
    }

    private void parse(Setting<?> setting, String path, String text, JsonNode value) {
        try {
            setting.parse(text, source());
        } catch (SettingException refused) {
            if (setting.structure().isPresent()) {
                // What was given may hold secrets.
                faults.add(path, String.valueOf(refused.getMessage()), "");
                return;
            }
            faults.add(path, setting.key() + " (from " + source() + ") is " + setting.allowed(), value);
            return;
        }
        if (setting.equals(SettingCatalog.STRATEGY) && !strategies.contains(text)) {
            faults.add(
                    path,
                    setting.key() + " is one of "
                            + String.join(", ", strategies.stream().sorted().toList())
                            + Texts.didYouMean(text, strategies),
                    value);
            return;
        }
        values.put(setting.key(), Optional.of(text));
    }

    private String source() {
        return takesNull ? "REST" : "this file";
    }

    /** A list is written with commas, as in the environment. */
    private void text(String path, JsonNode value, Consumer<String> use) {
        if (value.isArray()) {
            List<String> items = new ArrayList<>();
            for (JsonNode each : value) {
                if (!each.isValueNode() || each.isNull() || each.asText().contains(",")) {
                    faults.add(path, "a list of plain values without commas is wanted", each);
                    return;
                }
                items.add(each.asText());
            }
            use.accept(String.join(",", items));
        } else if (value.isNull()) {
            faults.add(path, "a value is wanted", value);
        } else {
            use.accept(value.asText());
        }
    }
}
