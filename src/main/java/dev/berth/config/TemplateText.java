package dev.berth.config;

import dev.berth.model.PortTemplate;

/** Checks places that are filled with ports later, as far as that can be told without the ports. */
final class TemplateText {
    private TemplateText() {}

    /** Is everything that looks like a template one? What is not is a fault. */
    static boolean fits(Fields fields, Fields.Given given, String text) {
        for (String wrong : PortTemplate.malformed(text)) {
            // Without the text around it, which may be a secret.
            fields.faults().add(given.path(), "no such template; there are " + PortTemplate.ALLOWED, wrong);
            return false;
        }
        return true;
    }

    /** With something in each place that has the form of what will stand there. */
    static String sample(String text) {
        return PortTemplate.fill(text, reference -> switch (reference.facet()) {
            case PORT -> "1";
            case HOST -> "127.0.0.1";
            case URL -> "http://127.0.0.1:1";
        });
    }

    /** For a text that was refused: braces are probably a misspelt template. */
    static String hint(String text) {
        return text.indexOf('{') < 0 ? "" : "; templates are " + PortTemplate.ALLOWED;
    }
}
