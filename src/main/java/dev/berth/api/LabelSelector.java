package dev.berth.api;

import dev.berth.config.LabelRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chooses by labels, in Kubernetes' words: {@code tier=web,env!=test,team in (a, b),critical,!old}. */
final class LabelSelector implements Predicate<Map<String, String>> {
    static final String ALLOWED =
            "requirements such as tier=web, env!=test, team in (a,b), team notin (a,b), key or !key,"
                    + " separated by commas";

    private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern EQUALITY = Pattern.compile("([^=!\\s]+)\\s*(==|=|!=)\\s*([^=!\\s]*)");
    private static final Pattern EXISTENCE = Pattern.compile("(!?)\\s*([^=!\\s]+)");
    private static final Pattern COMMA_OUTSIDE_BRACKETS = Pattern.compile(",(?![^()]*\\))");

    private final List<Predicate<Map<String, String>>> requirements;

    private LabelSelector(List<Predicate<Map<String, String>>> requirements) {
        this.requirements = requirements;
    }

    /** Reads one; throws {@link IllegalArgumentException} when it isn't one. */
    static LabelSelector parse(String text) {
        List<Predicate<Map<String, String>>> requirements = new ArrayList<>();
        for (String part : COMMA_OUTSIDE_BRACKETS.split(text, -1)) {
            requirements.add(requirement(part.strip()));
        }
        return new LabelSelector(requirements);
    }

    @Override
    public boolean test(Map<String, String> labels) {
        return requirements.stream().allMatch(each -> each.test(labels));
    }

    private static Predicate<Map<String, String>> requirement(String text) {
        Matcher set = SET.matcher(text);
        if (set.matches()) {
            return values(
                    set.group(1),
                    set.group(2).equals("in"),
                    Arrays.asList(set.group(3).split(",", -1)));
        }
        Matcher equality = EQUALITY.matcher(text);
        if (equality.matches()) {
            return values(equality.group(1), !equality.group(2).equals("!="), List.of(equality.group(3)));
        }
        Matcher existence = EXISTENCE.matcher(text);
        if (existence.matches()) {
            String key = key(existence.group(2));
            boolean wanted = existence.group(1).isEmpty();
            return labels -> labels.containsKey(key) == wanted;
        }
        throw new IllegalArgumentException("no requirement: " + text);
    }

    /** As Kubernetes has it, what lacks the label is not equal to any value. */
    private static Predicate<Map<String, String>> values(String name, boolean wanted, List<String> given) {
        String key = key(name);
        Set<String> values = new TreeSet<>();
        for (String value : given) {
            if (!LabelRules.isValue(value.strip())) {
                throw new IllegalArgumentException("no label's value: " + value);
            }
            values.add(value.strip());
        }
        return labels -> {
            String label = labels.get(key);
            return (label != null && values.contains(label)) == wanted;
        };
    }

    private static String key(String text) {
        if (!LabelRules.isKey(text)) {
            throw new IllegalArgumentException("no label's key: " + text);
        }
        return text;
    }
}
