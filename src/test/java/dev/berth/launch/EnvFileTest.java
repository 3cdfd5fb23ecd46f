package dev.berth.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.testing.Gen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvFileTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "A=b                     | b",
                "A=                      | ``",
                "A=   b c                | b c",
                "A = b                   | b",
                "export A=b              | b",
                "export\tA=b             | b",
                "   A=b                  | b",
                "A=b=c==                 | b=c==",
                "A=b # comment           | b",
                "A=b#c                   | b#c",
                "A=#c                    | #c",
                "A= # comment            | ``",
                "A='b # c'               | b # c",
                "A=\"b # c\" # comment   | b # c",
                "A=\"b\"#comment         | b",
                "A=''                    | ``",
                "A='it \"is\" $HOME \\n' | it \"is\" $HOME \\n",
                "A=\"say \\\"hi\\\"\"    | say \"hi\"",
                "A=\"\\\\n \\$x \\d\"    | \\n $x \\d",
                "A=it's                  | it's",
                "A=${B}                  | ${B}",
                "A={port}                | {port}",
                "A=b\\nc                 | b\\nc",
                "# B=1\\r                | none",
            })
    void aLineIsRead(String line, String value) throws Exception {
        Map<String, String> variables = EnvFile.parse(line + "\n", "x");
        assertThat(variables).isEqualTo(value.equals("none") ? Map.of() : Map.of("A", value));
        assertThat(EnvFile.parse(line, "x")).as("without the last line break").isEqualTo(variables);
        assertThat(EnvFile.parse(line + "\r\n", "x")).as("as Windows writes it").isEqualTo(variables);
    }

    @Test
    void aWholeFileIsRead() throws Exception {
        Path file = write("\ufeff# of the backend\r\n"
                + "\r\n"
                + "export DATABASE_URL=postgres://ann:x%23y@db/app?sslmode=off\r\n"
                + "KEY=\"-----BEGIN\r\n  abc\\tdef\r\n-----END\"\r\n"
                + "NAME='ann\nbob'  # two\n"
                + "   \t \n"
                + "TWICE=1\n"
                + "with.dots-and_more=é\n"
                + "TWICE=2");
        assertThat(EnvFile.read(file))
                .containsExactly(
                        Map.entry("DATABASE_URL", "postgres://ann:x%23y@db/app?sslmode=off"),
                        Map.entry("KEY", "-----BEGIN\n  abc\tdef\n-----END"),
                        Map.entry("NAME", "ann\nbob"),
                        Map.entry("TWICE", "2"),
                        Map.entry("with.dots-and_more", "é"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "secret                   | 3 | NAME=value",
                "export SECRET            | 3 | NAME=value",
                "=secret                  | 3 | a variable's name",
                "1A=secret                | 3 | a variable's name",
                "A B=secret               | 3 | a variable's name",
                "A='secret                | 3 | never closed",
                "A=\"secret\\\"           | 3 | never closed",
                "A=\"secret\" secret      | 3 | closing quote",
                "A='secret'secret         | 3 | closing quote",
                "A=se\0cret               | 3 | NUL",
            })
    void faultsNameFileAndLineAndNoValue(String line, int number, String words) throws Exception {
        Path file = write("B=\"x\n\"\n" + line + "\nC=1\n");
        assertThatThrownBy(() -> EnvFile.read(file))
                .isInstanceOf(EnvFileException.class)
                .hasMessageStartingWith(file + ", line " + number + ": ")
                .hasMessageContaining(words)
                .hasMessageNotContaining("secret");
    }

    @Test
    void whatIsNoFileOfVariablesIsRefused() throws Exception {
        assertRefused(directory.resolve("missing"), "does not exist");
        assertRefused(directory, "is not a regular file");
        assertRefused(Path.of("/dev/zero"), "is not a regular file");
        assertRefused(write("A=\0".repeat(EnvFile.MAX_BYTES)), "too large");
        Path binary = directory.resolve("binary");
        Files.write(binary, new byte[] {'A', '=', (byte) 0xff});
        assertRefused(binary, "UTF-8");
        assertThat(EnvFile.read(write("A=" + "x".repeat(EnvFile.MAX_BYTES - 2))))
                .containsKey("A");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "\ufeff", "#", "# x\n  # y"})
    void anEmptyFileHasNoVariables(String text) throws Exception {
        assertThat(EnvFile.parse(text, "x")).isEmpty();
    }

    @Test
    void whatIsWrittenInEitherQuotesIsReadAsTheSame() {
        Gen.check(3_000, gen -> {
            Map<String, String> variables = new LinkedHashMap<>();
            StringBuilder text = new StringBuilder();
            for (int i = gen.number(0, 5); i > 0; i--) {
                String value = String.join(
                        "",
                        gen.list(
                                0,
                                8,
                                () -> gen.oneOf("a", "é", " ", "#", "=", "\n", "\t", "\\", "\"", "'", "$", "\\n")));
                variables.put("V" + i, value);
                text.append(gen.oneOf("", "export ", "  "))
                        .append('V')
                        .append(i)
                        .append('=');
                text.append(value.contains("'") || gen.chance(50) ? doubleQuoted(value) : "'" + value + "'");
                text.append(gen.oneOf("\n", " # comment\n", "\r\n", "\n\n# 'comment\n"));
            }
            try {
                assertThat(EnvFile.parse(text.toString(), "x")).isEqualTo(variables);
            } catch (EnvFileException wrong) {
                throw new AssertionError(text.toString(), wrong);
            }
        });
    }

    @Test
    void anyTextIsReadOrRefused() {
        Gen.check(20_000, gen -> {
            String text = String.join(
                    "",
                    gen.list(
                            0,
                            12,
                            () -> gen.oneOf(
                                    "A", "=", "'", "\"", "\\", "\n", "\r", " ", "#", "export ", "\0", "\ud800")));
            try {
                assertThat(EnvFile.parse(text, "x")).doesNotContainKey("");
            } catch (EnvFileException wrong) {
                assertThat(wrong).hasMessageMatching("x, line \\d+: .+");
            }
        });
    }

    private static String doubleQuoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private void assertRefused(Path file, String words) {
        assertThatThrownBy(() -> EnvFile.read(file))
                .isInstanceOf(EnvFileException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(words);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve(".env"), text, StandardCharsets.UTF_8);
    }
}
