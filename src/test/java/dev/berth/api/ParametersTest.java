package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.model.Fault;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes beside the body: labels to choose by, versions to match, patches; and tables to answer with. */
class ParametersTest {
    private static final Map<String, String> LABELS = Map.of("tier", "web", "example.com/team", "a");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tier=web                                | true",
                "tier==web                               | true",
                "tier = web , example.com/team=a         | true",
                "tier=db                                 | false",
                "tier!=db                                | true",
                "tier!=web                               | false",
                "missing!=web                            | true",
                "tier                                    | true",
                "!tier                                   | false",
                "!missing                                | true",
                "tier in (web, db)                       | true",
                "tier in (db)                            | false",
                "tier notin (web)                        | false",
                "missing notin (web)                     | true",
                "tier in (web,db),example.com/team in (b)| false",
            })
    void labelsChoose(String selector, boolean chosen) {
        assertThat(LabelSelector.parse(selector.strip()).test(LABELS)).isEqualTo(chosen);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "=web", "tier=", "tier in", "tier in (web", "a b", "tier=web,", "tier>1", "a=b=c", "ti&r"})
    void whatIsNoSelectorIsRefused(String selector) {
        if (selector.equals("tier=")) {
            // Kubernetes has empty values.
            assertThat(LabelSelector.parse(selector).test(Map.of("tier", ""))).isTrue();
        } else {
            assertThatThrownBy(() -> LabelSelector.parse(selector)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void ifMatchTakesVersionsAsTheyWereGiven() {
        assertThat(IfMatch.parse(Optional.empty()).demandsNothing()).isTrue();
        assertThat(IfMatch.parse(Optional.of("\"17\"")).tags()).containsExactly("17");
        assertThat(IfMatch.parse(Optional.of("17")).tags()).containsExactly("17");
        assertThat(IfMatch.parse(Optional.of("\"17\", \"18\"")).tags()).containsExactly("17", "18");
        assertThat(IfMatch.parse(Optional.of("W/\"17\"")).tags()).containsExactly("weak 17");
        assertThat(IfMatch.parse(Optional.of(" * ")).any()).isTrue();
        for (String wrong : List.of("", "\"", "\"17", "17 18", "\"17\" \"18\"", ",")) {
            assertThatThrownBy(() -> IfMatch.parse(Optional.of(wrong)))
                    .as(wrong)
                    .isInstanceOfSatisfying(
                            HttpProblem.class,
                            problem -> assertThat(problem.getStatusCode()).isEqualTo(400));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The examples of RFC 7396's appendix.
                "{\"a\":\"b\"}             | {\"a\":\"c\"}               | {\"a\":\"c\"}",
                "{\"a\":\"b\"}             | {\"b\":\"c\"}               | {\"a\":\"b\",\"b\":\"c\"}",
                "{\"a\":\"b\"}             | {\"a\":null}                | {}",
                "{\"a\":\"b\",\"b\":\"c\"} | {\"a\":null}                | {\"b\":\"c\"}",
                "{\"a\":[\"b\"]}           | {\"a\":\"c\"}               | {\"a\":\"c\"}",
                "{\"a\":\"c\"}             | {\"a\":[\"b\"]}             | {\"a\":[\"b\"]}",
                "{\"a\":{\"b\":\"c\"}}     | {\"a\":{\"b\":\"d\",\"c\":null}} | {\"a\":{\"b\":\"d\"}}",
                "{\"e\":null}              | {\"a\":1}                   | {\"e\":null,\"a\":1}",
                "[1,2]                     | {\"a\":\"b\",\"c\":null}    | {\"a\":\"b\"}",
                "{}                        | {\"a\":{\"bb\":{\"ccc\":null}}} | {\"a\":{\"bb\":{}}}",
            })
    void patchesMerge(String target, String patch, String result) throws Exception {
        ObjectMapper json = new ObjectMapper();
        assertThat(MergePatch.apply(json.readTree(target), json.readTree(patch)))
                .isEqualTo(json.readTree(result));
    }

    @Test
    void tablesAlignAndStayInTheirLine() {
        String table = TextTable.of("PORT", "COMMAND", "WHY")
                .row(8000, "python3", "held")
                .row(80, "a\nb\u001b[31m", "")
                .row(1, "x".repeat(100), "long " + "y".repeat(100))
                .toString();
        List<String> lines = table.lines().toList();
        assertThat(lines.get(0)).startsWith("PORT  COMMAND ");
        assertThat(lines.get(1)).startsWith("8000  python3 ").endsWith("  held");
        assertThat(lines.get(2)).startsWith("80    a b [31m ").endsWith("  -");
        assertThat(lines.get(3)).contains("x…  long").endsWith("yyy");
        assertThat(lines).hasSize(4);
    }

    @Test
    void aRefusalForAShellIsASentence() {
        assertThat(ProblemSentence.of(
                        "two things are wrong",
                        List.of(new Fault("port", "a number", "x"), new Fault("", "and more", ""))))
                .isEqualTo("two things are wrong\n  port: a number, given: x\n  and more\n");
    }
}
