package dev.berth.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads the patterns by which a service's own processes are known. */
final class PatternReader {
    private PatternReader() {}

    static List<String> patterns(Fields fields) {
        List<String> patterns = new ArrayList<>();
        for (Fields.Given given : fields.list("processPatterns", SpecLimits.PATTERNS, "process_patterns")) {
            fields.text(given, SpecLimits.PATTERN_LENGTH)
                    .filter(pattern -> compiles(fields, given, pattern))
                    .ifPresent(patterns::add);
        }
        return patterns;
    }

    static boolean compiles(Fields fields, Fields.Given given, String pattern) {
        try {
            Pattern.compile(pattern);
            return true;
        } catch (PatternSyntaxException wrong) {
            String where = wrong.getIndex() < 0 ? "" : ", at character " + (wrong.getIndex() + 1);
            fields.faults().add(given.path(), "not a regular expression: " + wrong.getDescription() + where, pattern);
            return false;
        } catch (StackOverflowError deep) {
            fields.faults().add(given.path(), "not a regular expression: nested too deeply", pattern);
            return false;
        }
    }
}
