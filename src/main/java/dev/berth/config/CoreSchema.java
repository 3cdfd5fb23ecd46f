package dev.berth.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/** What an unquoted word of YAML stands for, by the core schema of YAML 1.2 in its decimal part. Everything else is text. */
final class CoreSchema extends Resolver {
    static final Pattern WHOLE = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
    static final Pattern DECIMAL =
            Pattern.compile("[-+]?((0|[1-9][0-9]*)(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,4})?");
    static final Pattern FLAG = Pattern.compile("true|True|TRUE|false|False|FALSE");
    static final Pattern NOTHING = Pattern.compile("~|null|Null|NULL|");

    private static final @Nullable String ANY_FIRST_CHARACTER = null;

    @Override
    protected void addImplicitResolvers() {
        add(Tag.NULL, NOTHING);
        add(Tag.BOOL, FLAG);
        add(Tag.INT, WHOLE);
        add(Tag.FLOAT, DECIMAL);
    }

    @SuppressWarnings("NullAway") // the library's word for "any" is null
    private void add(Tag tag, Pattern pattern) {
        addImplicitResolver(tag, pattern, ANY_FIRST_CHARACTER);
    }
}
