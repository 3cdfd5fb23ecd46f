package dev.berth.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.Ports;
import java.util.Collection;

/** The pieces that JSON Schemas are made of (draft 7, which editors know best). */
final class SchemaParts {
    /** A name, as in {@link LabelRules#NAME}. */
    static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

    private SchemaParts() {}

    static ObjectNode type(String type, String description) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("description", description);
    }

    static ObjectNode text(String description, int longest) {
        return type("string", description).put("minLength", 1).put("maxLength", longest);
    }

    static ObjectNode number(String description, int least, int most) {
        return type("integer", description).put("minimum", least).put("maximum", most);
    }

    static ObjectNode flag(String description, boolean usual) {
        return type("boolean", description).put("default", usual);
    }

    static ObjectNode port(String description) {
        return number(description, Ports.MIN, Ports.MAX);
    }

    static ObjectNode duration(String description) {
        return type("string", description + " (" + Durations.ALLOWED + ")")
                .put("pattern", "^\\s*[0-9]+\\s*(ms|s|m|h|d)\\s*$");
    }

    static ObjectNode words(String description, Collection<String> words) {
        ObjectNode schema = type("string", description);
        ArrayNode allowed = schema.putArray("enum");
        words.stream().sorted().forEach(allowed::add);
        return schema;
    }

    static ObjectNode list(String description, int most, ObjectNode element) {
        ObjectNode schema = type("array", description).put("maxItems", most);
        schema.set("items", element);
        return schema;
    }

    /** A map of names to values. */
    static ObjectNode map(String description, int most, ObjectNode value) {
        ObjectNode schema = type("object", description).put("maxProperties", most);
        schema.set("additionalProperties", value);
        return schema;
    }

    static ObjectNode scalar(String description) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("description", description);
        schema.putArray("type").add("string").add("number").add("boolean");
        return schema;
    }

    static ObjectNode any(String description, ObjectNode... schemas) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("description", description);
        ArrayNode all = schema.putArray("anyOf");
        for (ObjectNode each : schemas) {
            all.add(each);
        }
        return schema;
    }

    /** A map of these fields and no others; fields are added with {@link #field}. */
    static ObjectNode object(String description) {
        ObjectNode schema = type("object", description).put("additionalProperties", false);
        schema.putObject("properties");
        return schema;
    }

    static void field(ObjectNode object, String name, ObjectNode schema) {
        object.withObjectProperty("properties").set(name, schema);
    }

    static ObjectNode ref(String definition) {
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/definitions/" + definition);
    }

    /** Refuses an object that says the same under both names. */
    static void notBoth(ObjectNode object, String one, String other) {
        object.withArrayProperty("allOf")
                .addObject()
                .putObject("not")
                .putArray("required")
                .add(one)
                .add(other);
    }
}
