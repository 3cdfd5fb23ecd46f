package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DocumentsTest {
    @Test
    void readsYamlByTheCoreSchema() throws Exception {
        JsonNode tree = yaml(
                "{a: yes, b: 010, c: 12:30, d: 1_000, e: 0x10, f: 2001-01-01, g: true, h: 10, i: ~, j: '10', k: !!str 10}");
        assertThat(tree.path("a").textValue()).isEqualTo("yes");
        assertThat(tree.path("b").textValue()).isEqualTo("010");
        assertThat(tree.path("c").textValue()).isEqualTo("12:30");
        assertThat(tree.path("d").textValue()).isEqualTo("1_000");
        assertThat(tree.path("e").textValue()).isEqualTo("0x10");
        assertThat(tree.path("f").textValue()).isEqualTo("2001-01-01");
        assertThat(tree.path("g").booleanValue()).isTrue();
        assertThat(tree.path("h").intValue()).isEqualTo(10);
        assertThat(tree.path("i").isNull()).isTrue();
        assertThat(tree.path("j").textValue()).isEqualTo("10");
        assertThat(tree.path("k").textValue()).isEqualTo("10");
    }

    @Test
    void followsAliasesAndMerges() throws Exception {
        JsonNode tree = yaml("base: &b {port: 1, host: a}\nother: {<<: *b, port: 2}\nsame: *b");
        assertThat(tree.path("other").path("port").intValue()).isEqualTo(2);
        assertThat(tree.path("other").path("host").textValue()).isEqualTo("a");
        assertThat(tree.path("same").path("port").intValue()).isEqualTo(1);
    }

    @Test
    void knowsWhereThingsStand() throws Exception {
        String yaml = "services:\n  backend:\n    port: 0\n    alternativePorts:\n      - 1\n      - x\n";
        Document document = read(yaml, Documents.Format.YAML);
        assertThat(document.locate("services.backend.port")).contains(new Location(3, 5));
        assertThat(document.locate("services.backend.alternativePorts[1]")).contains(new Location(6, 9));
        assertThat(document.locate("services.backend.missing")).contains(new Location(2, 3));

        Document json = read("{\n  \"port\": 0,\n  \"a\": [1,\n  2]\n}", Documents.Format.JSON);
        assertThat(json.locate("port")).contains(new Location(2, 3));
        assertThat(json.locate("a[1]")).contains(new Location(4, 3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "JSON | {                            | line 1",
                "JSON | {\"port\": 1,, }             | line 1, column 12",
                "JSON | {\"port\": 1} x              | line 1, column 13",
                "JSON | {\"port\": 1, \"port\": 2}   | comes twice",
                "JSON | {\"a\": \"\\ud800\"}         | lone surrogate",
                "JSON | {\"a\": \"\\u0000\"}         | NUL",
                "JSON | {\"a\": NaN}                 | line 1",
                "JSON | 2E22222222222                | exponent that is too large",
                "JSON | {'a': 1}                     | line 1",
                "JSON | port: 1                      | not JSON",
                "YAML | {port: 1, port: 2}           | comes twice",
                "YAML | a: [1                        | line 1",
                "YAML | a: *nowhere                  | line 1",
                "YAML | a: !!python/object:os.system x | not allowed",
                "YAML | a: !mine {b: 1}              | is not taken here",
                "YAML | a: !!int x                   | is not taken here",
                "YAML | a: \"\\ud800\"               | lone surrogate",
                "YAML | {[a]: b}                     | a key is a word",
                "YAML | &a [*a]                      | nested",
                "YAML | %FOO                         | nothing in it",
                "YAML | `a:\tb: c`                   | not YAML",
            })
    void refusesWhatItCantTake(String format, String text, String words) {
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> read(text, Documents.Format.valueOf(format)))
                .withMessageContaining(words)
                .satisfies(refused ->
                        assertThat(refused.getMessage()).doesNotContain("jackson", "snakeyaml", "Exception"));
    }

    @ParameterizedTest
    @EnumSource(Documents.Format.class)
    void refusesNothingDepthAndSize(Documents.Format format) {
        for (String text : new String[] {"", " \n", "[".repeat(100_000), "[".repeat(40) + "]".repeat(40)}) {
            assertThatExceptionOfType(DocumentException.class).isThrownBy(() -> read(text, format));
        }
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> read("[" + "1,".repeat(Documents.MAX_NODES) + "1]", format))
                .withMessageContaining("200000 values");
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> read("a".repeat(Documents.MAX_BYTES + 1), format))
                .withMessageContaining("bytes");
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> read("{\"" + "k".repeat(600) + "\": 1}", format))
                .withMessageContaining("512 characters");
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> read("[1" + "0".repeat(500) + "]", format))
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("StreamReadConstraints"));
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> Documents.readOne(new byte[] {'"', (byte) 0xc3, '"'}, format))
                .withMessageContaining("UTF-8");
    }

    @Test
    void refusesAliasBombs() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 20; i++) {
            String below = "*a" + (i - 1);
            bomb.append(String.format(Locale.ROOT, "a%d: &a%d [%s]%n", i, i, (below + ", ").repeat(9) + below));
        }
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> read(bomb.toString(), Documents.Format.YAML))
                .withMessageContaining("aliases counted");
    }

    @Test
    void refusesMoreTextByAliasesThanATextCouldHold() {
        String page = "a: &a " + "x".repeat(100_000) + "\nb: [" + "*a, ".repeat(30) + "]\n";
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> Documents.readAll(
                        (page + "---\n" + page).getBytes(StandardCharsets.UTF_8), Documents.Format.YAML))
                .withMessageContaining("characters, aliases counted");
    }

    private static JsonNode yaml(String text) throws DocumentException {
        return read(text, Documents.Format.YAML).tree();
    }

    private static Document read(String text, Documents.Format format) throws DocumentException {
        return Documents.readOne(text.getBytes(StandardCharsets.UTF_8), format);
    }
}
