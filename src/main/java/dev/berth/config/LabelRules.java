package dev.berth.config;

import dev.berth.model.ServiceKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names, labels and annotations, by Kubernetes' rules. */
public final class LabelRules {
    /** What a name may be, for messages. */
    public static final String NAME = "1 to 63 lower-case letters, digits and inner hyphens";

    private static final Pattern KEY =
            Pattern.compile("([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

    private LabelRules() {}

    /** Is it the key of a label: a word of up to 63 characters, with a domain and a slash before it or not? */
    public static boolean isKey(String text) {
        return KEY.matcher(text).matches();
    }

    public static boolean isValue(String text) {
        return VALUE.matcher(text).matches();
    }

    static Map<String, String> labels(Fields fields) {
        return read(fields, "labels", true);
    }

    static Map<String, String> annotations(Fields fields) {
        return read(fields, "annotations", false);
    }

    /** Tells when it isn't one. */
    static boolean isName(Faults faults, String path, String name) {
        if (ServiceKey.isLabel(name)) {
            return true;
        }
        faults.add(path, "a name is " + NAME, name);
        return false;
    }

    private static Map<String, String> read(Fields fields, String field, boolean labels) {
        Map<String, String> result = new LinkedHashMap<>();
        Optional<Fields.Given> given = fields.take(field);
        if (given.isEmpty()) {
            return result;
        }
        for (Map.Entry<String, Fields.Given> entry : fields.entries(given.get(), SpecLimits.LABELS)) {
            Fields.Given value = entry.getValue();
            String text = value.node().asText();
            if (!isKey(entry.getKey())) {
                fields.faults()
                        .add(
                                value.path(),
                                "the key has up to 63 letters, digits, -, _ and ., with a domain and a slash before them or not",
                                entry.getKey());
            } else if (!value.node().isTextual()) {
                fields.faults().add(value.path(), "a text is wanted, in quotes", value.node());
            } else if (labels && !isValue(text)) {
                fields.faults().add(value.path(), "a label's value has up to 63 letters, digits, -, _ and .", text);
            } else if (text.length() > SpecLimits.ANNOTATION_LENGTH) {
                fields.faults()
                        .add(
                                value.path(),
                                "an annotation has at most " + SpecLimits.ANNOTATION_LENGTH + " characters",
                                text);
            } else {
                result.put(entry.getKey(), text);
            }
        }
        return result;
    }
}
