package dev.berth.web;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The modules of the page as one script. They are written and read apart, but for a browser each is a request, and some
 * thirty of them took it longer than everything that they do.
 *
 * <p>Each becomes a function that returns what the module exports, called once and after those that it imports. Of the
 * language's modules, which are always strict, this is understood: named and namespace imports, one on a line, and exported functions, classes and
 * constants. Everything else is refused, rather than served broken.
 */
final class PageScript {
    private static final Pattern IMPORT = Pattern.compile(
            "^import (?:\\{ ([^}\\n]+) }|\\* as (\\w+)) from \"\\./([a-z][a-z-]*\\.js)\";$", Pattern.MULTILINE);

    private static final Pattern EXPORT =
            Pattern.compile("^export (?=(?:async )?(?:function|class|const) (\\w+))", Pattern.MULTILINE);

    private static final Pattern NOT_UNDERSTOOD =
            Pattern.compile("^(?:import|export)\\b.*$|\\bimport\\b *[(.].*$", Pattern.MULTILINE);

    private final UnaryOperator<String> read;
    private final Set<String> begun = new LinkedHashSet<>();
    private final Map<String, String> linked = new LinkedHashMap<>();

    private PageScript(UnaryOperator<String> read) {
        this.read = read;
    }

    /**
     * @param entry the name of the module that imports the others, such as {@code app.js}
     * @param read the text of the module of a name
     * @throws IllegalStateException when modules import each other in a circle, or use what isn't understood
     */
    static String link(String entry, UnaryOperator<String> read) {
        PageScript script = new PageScript(read);
        script.add(entry);
        return "\"use strict\";\n" + String.join("\n", script.linked.values());
    }

    private void add(String name) {
        if (linked.containsKey(name)) {
            return;
        }
        if (!begun.add(name)) {
            throw new IllegalStateException("the modules of the page import each other in a circle: " + begun);
        }
        String text = read.apply(name);
        IMPORT.matcher(text).results().forEach(each -> add(each.group(3)));
        List<String> exports =
                EXPORT.matcher(text).results().map(each -> each.group(1)).toList();
        String body = EXPORT.matcher(IMPORT.matcher(text).replaceAll(PageScript::imported))
                .replaceAll("");
        Matcher rest = NOT_UNDERSTOOD.matcher(body);
        if (rest.find()) {
            throw new IllegalStateException(
                    "the page's module " + name + " has what can't be made part of one script: " + rest.group());
        }
        linked.put(
                name,
                "const %s = (() => {\n%s\nreturn { %s };\n})();\n"
                        .formatted(variable(name), body.strip(), String.join(", ", exports)));
    }

    private static String imported(MatchResult line) {
        String names =
                line.group(1) == null ? line.group(2) : "{ " + line.group(1).replace(" as ", ": ") + " }";
        return Matcher.quoteReplacement("const " + names + " = " + variable(line.group(3)) + ";");
    }

    /** Differs from every name within the modules, which have no underscores. */
    private static String variable(String module) {
        return module.replace('-', '_').replace('.', '_');
    }
}
