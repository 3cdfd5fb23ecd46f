package dev.berth.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.ServiceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A {@code berth.yaml} in the making, from a file of another tool; and what a person should look at. */
public final class Imported {
    private final ObjectNode file = JsonNodeFactory.instance.objectNode();
    private final Set<String> warnings = new LinkedHashSet<>();
    /** How often each name was asked for. */
    private final Map<String, Integer> used = new HashMap<>();

    private boolean full;

    Imported() {
        file.put("apiVersion", ServiceReader.API_VERSION);
        file.putObject("services");
    }

    public ObjectNode file() {
        return file;
    }

    /** What was left out, guessed or is to be decided; one sentence each. */
    public List<String> warnings() {
        return new ArrayList<>(warnings);
    }

    void warn(String words) {
        warnings.add(words);
    }

    ObjectNode services() {
        return (ObjectNode) file.path("services");
    }

    /** A new service; the name is made one that Berth takes. */
    ObjectNode service(String written) {
        String name = name(written);
        if (!name.equals(written)) {
            warn("\"" + Texts.shorten(written) + "\" is called " + name + ": a name is " + LabelRules.NAME);
        }
        if (services().size() >= SpecLimits.SERVICES) {
            if (!full) {
                warn("only the first " + SpecLimits.SERVICES
                        + " services were taken, which is the most a file may have");
            }
            full = true;
            // Filled in and left out.
            return JsonNodeFactory.instance.objectNode();
        }
        int number = used.merge(name, 1, Integer::sum);
        String free = number == 1 ? name : name + "-" + number;
        while (services().has(free)) {
            number = used.merge(name, 1, Integer::sum);
            free = name + "-" + number;
        }
        return services().putObject(free);
    }

    /** The nearest name that Berth takes. */
    static String name(String written) {
        String plain = written.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String cut = plain.substring(0, Math.min(plain.length(), 60)).replaceAll("^-+|-+$", "");
        return ServiceKey.isLabel(cut) ? cut : "service";
    }
}
