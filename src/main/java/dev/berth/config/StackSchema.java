package dev.berth.config;

import static dev.berth.config.SchemaParts.any;
import static dev.berth.config.SchemaParts.duration;
import static dev.berth.config.SchemaParts.field;
import static dev.berth.config.SchemaParts.list;
import static dev.berth.config.SchemaParts.map;
import static dev.berth.config.SchemaParts.number;
import static dev.berth.config.SchemaParts.object;
import static dev.berth.config.SchemaParts.port;
import static dev.berth.config.SchemaParts.ref;
import static dev.berth.config.SchemaParts.text;
import static dev.berth.config.SchemaParts.type;
import static dev.berth.config.SchemaParts.words;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.ReservationRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The JSON Schema of a {@code berth.yaml}, for editors: what {@link StackReader} reads, both spellings. */
public final class StackSchema {
    private StackSchema() {}

    /** @param rules which kinds of health checks there are */
    public static ObjectNode of(SpecRules rules) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#")
                .put("title", "berth.yaml")
                .put("description", "Services, the ports they want, and settings of Berth");
        schema.putObject("if").putArray("required").add("kind");
        schema.set("then", whole());
        schema.set("else", ref("stack"));
        ObjectNode definitions = schema.putObject("definitions");
        SpecSchema specs = new SpecSchema(rules);
        definitions.set("stack", stack());
        definitions.set("service", specs.spec(true));
        definitions.set("spec", specs.spec(false));
        definitions.set("object", SpecSchema.whole());
        definitions.set("settings", settings());
        return schema;
    }

    private static ObjectNode whole() {
        ObjectNode list = object("Several services as objects");
        field(list, "apiVersion", words("The version of this interface", List.of(ServiceReader.API_VERSION)));
        field(list, "kind", words("What this is", List.of("ServiceList")));
        list.withObjectProperty("properties").putObject("metadata").put("description", "Taken and left aside");
        field(list, "items", list("The services", SpecLimits.SERVICES, ref("object")));
        list.putArray("required").add("kind");
        return any("Objects as the interface answers them", ref("object"), list);
    }

    private static ObjectNode stack() {
        ObjectNode stack = object("A berth.yaml");
        field(stack, "apiVersion", words("The version of this interface", List.of(ServiceReader.API_VERSION)));
        field(
                stack,
                "stack",
                SpecSchema.name().put("description", "The name under which these services belong together, for prune"));
        ObjectNode services = map("Services by name, or namespace/name", SpecLimits.SERVICES, ref("service"));
        services.putObject("propertyNames").put("pattern", "^(" + SchemaParts.LABEL + "/)?" + SchemaParts.LABEL + "$");
        field(stack, "services", services);
        field(stack, "reservations", list("Ports kept for holders", SpecLimits.RESERVATIONS, reservation()));
        field(stack, "settings", ref("settings"));
        field(stack, "monitoring", monitoring());
        field(
                stack,
                "conflict_resolution",
                twins("The older spelling of settings.conflicts", SettingsReader.CONFLICT_RESOLUTION));
        return stack;
    }

    private static ObjectNode reservation() {
        ObjectNode reservation = object("A port, or some of a range");
        field(
                reservation,
                "holder",
                text("Who it is for: a service's name, or any other", ReservationRequest.LONGEST_HOLDER));
        field(reservation, "port", port("This port"));
        field(reservation, "portRange", SpecSchema.range("Any of these"));
        field(
                reservation,
                "count",
                number("How many of the range", 1, ReservationRequest.MOST).put("default", 1));
        field(reservation, "protocol", SpecSchema.protocol());
        field(reservation, "ttl", duration("For how long; without it, until it is released"));
        reservation.putArray("required").add("holder");
        return reservation;
    }

    private static ObjectNode monitoring() {
        ObjectNode section =
                twins("The older spelling of settings.reconcile and settings.health", SettingsReader.MONITORING);
        field(section, "enabled", type("boolean", "false is the same as auto_resolve_conflicts: false"));
        return section;
    }

    private static ObjectNode twins(String description, Map<String, String> twins) {
        ObjectNode section = object(description);
        twins.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(twin -> {
            ObjectNode value = setting(SettingCatalog.named(twin.getValue()).orElseThrow());
            field(
                    section,
                    twin.getKey(),
                    twin.getKey().endsWith("interval")
                            ? any("The older spelling of " + twin.getValue(), value, type("integer", "Seconds"))
                            : value);
        });
        return section;
    }

    /** As a tree, and with dotted keys. */
    private static ObjectNode settings() {
        ObjectNode root = object("Settings; see docs/settings.md");
        for (Setting<?> setting : SettingCatalog.ALL) {
            ObjectNode section = root;
            String[] parts = setting.key().split("\\.", -1);
            for (int i = 0; i < parts.length - 1; i++) {
                ObjectNode properties = section.withObjectProperty("properties");
                if (!properties.has(parts[i])) {
                    properties.set(parts[i], object("Settings of " + parts[i]));
                }
                section = properties.withObjectProperty(parts[i]);
            }
            field(section, parts[parts.length - 1], setting(setting));
            if (parts.length > 1) {
                field(root, setting.key(), setting(setting));
            }
        }
        return root;
    }

    private static ObjectNode setting(Setting<?> setting) {
        Object usual = setting.parser().apply(setting.defaultText());
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("description", setting.meaning() + " (" + setting.allowed() + ")");
        JsonNode value = StackWriter.value(usual, setting.defaultText());
        ArrayNode types = schema.putArray("type");
        if (usual instanceof Boolean) {
            types.add("boolean");
        } else if (usual instanceof Integer) {
            types.add("integer");
        } else if (setting.structure().isPresent()) {
            types.add("array").add("string");
            schema.set("items", setting.structure().get().element());
        } else if (value.isArray()) {
            types.add("array").add("string").add("integer");
            schema.putObject("items").putArray("type").add("string").add("integer");
        } else if (usual instanceof Optional) {
            types.add("string").add("integer");
        } else {
            types.add("string");
        }
        schema.set("default", value);
        if (setting.equals(SettingCatalog.ON_SHUTDOWN)) {
            SettingValues.SHUTDOWN_WORDS.forEach(schema.putArray("enum")::add);
        }
        return schema;
    }
}
