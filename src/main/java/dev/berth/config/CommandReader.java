package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.model.Command;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads command lines and the environment that comes with them. */
final class CommandReader {
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");

    private CommandReader() {}

    /** A text is the shell form, a list the exec form. */
    static Optional<Command> command(Fields fields, Fields.Given given) {
        if (given.node().isTextual()) {
            return fields.text(given, SpecLimits.ARGUMENT_LENGTH)
                    .filter(text -> TemplateText.fits(fields, given, text))
                    .map(Command.Shell::new);
        }
        if (!given.node().isArray()) {
            fields.faults()
                    .add(given.path(), "a command is a text for the shell, or a list of arguments", given.node());
            return Optional.empty();
        }
        List<Fields.Given> elements = fields.elements(given, SpecLimits.ARGUMENTS);
        List<String> arguments = new ArrayList<>();
        for (Fields.Given each : elements) {
            scalar(fields, each, "an argument")
                    .filter(text -> TemplateText.fits(fields, each, text))
                    .ifPresent(arguments::add);
        }
        if (elements.isEmpty() || arguments.size() < elements.size()) {
            if (given.node().isEmpty()) {
                fields.faults().add(given.path(), "a command needs a program", given.node());
            }
            return Optional.empty();
        }
        if (arguments.get(0).isBlank()) {
            fields.faults().add(Document.element(given.path(), 0), "a command needs a program", arguments.get(0));
            return Optional.empty();
        }
        return Optional.of(new Command.Exec(arguments));
    }

    static Map<String, String> environment(Fields fields) {
        Map<String, String> environment = new LinkedHashMap<>();
        Optional<Fields.Given> given = fields.take("environment");
        if (given.isEmpty()) {
            return environment;
        }
        for (Map.Entry<String, Fields.Given> entry : fields.entries(given.get(), SpecLimits.ENVIRONMENT)) {
            if (!VARIABLE.matcher(entry.getKey()).matches()) {
                // Without the value, which may be a secret.
                fields.faults()
                        .add(
                                entry.getValue().path(),
                                "a variable's name has letters, digits and underscores, and begins with no digit",
                                entry.getKey());
            } else {
                scalar(fields, entry.getValue(), "a variable")
                        .filter(text -> TemplateText.fits(fields, entry.getValue(), text))
                        .ifPresent(value -> environment.put(entry.getKey(), value));
            }
        }
        return environment;
    }

    /** A text, or a number or flag that stands for its text. */
    private static Optional<String> scalar(Fields fields, Fields.Given given, String what) {
        JsonNode node = given.node();
        if (!node.isValueNode() || node.isNull()) {
            fields.faults().add(given.path(), what + " is a text or a number", node);
            return Optional.empty();
        }
        String text = node.asText();
        if (text.length() > SpecLimits.ARGUMENT_LENGTH) {
            fields.faults().add(given.path(), what + " has at most " + SpecLimits.ARGUMENT_LENGTH + " characters", "");
            return Optional.empty();
        }
        return Optional.of(text);
    }
}
