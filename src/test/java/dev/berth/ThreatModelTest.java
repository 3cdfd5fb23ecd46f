package dev.berth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every row of docs/security.md names a test, and every test that it names is there. */
class ThreatModelTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Z][A-Za-z]*(?:Test|IT))(?:#([a-z][A-Za-z0-9]*))?`");

    @Test
    void everyRowNamesATestThatExists() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("docs/security.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| threat "))
                .toList();
        assertThat(rows).hasSizeGreaterThan(15);
        for (String row : rows) {
            Matcher named = NAMED.matcher(row.substring(row.lastIndexOf(" | ")));
            int tests = 0;
            while (named.find()) {
                tests++;
                String text = source(named.group(1));
                if (named.group(2) != null) {
                    assertThat(text).as(row).containsPattern("(?:void|Stream<DynamicTest>) " + named.group(2) + "\\(");
                }
            }
            assertThat(tests).as(row).isPositive();
        }
    }

    private static String source(String name) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            List<Path> found =
                    files.filter(file -> file.endsWith(name + ".java")).toList();
            assertThat(found).as(name).hasSize(1);
            return Files.readString(found.get(0));
        }
    }
}
