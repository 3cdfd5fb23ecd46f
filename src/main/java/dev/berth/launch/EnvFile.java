package dev.berth.launch;

import dev.berth.host.FileView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads files of variables as many tools write them (dotenv): {@code NAME=value} in a line, {@code export} before it or not,
 * {@code #} for comments. A value in single quotes is taken literally, one in double quotes knows {@code \n}, {@code \r},
 * {@code \t}, {@code \"}, <code>\$</code> and {@code \\}; either may go over several lines. Without quotes it ends at
 * {@code #} after a blank. Nothing is expanded. Of a name that stands there twice the last counts.
 */
public final class EnvFile {
    /** More is no list of variables: the kernel takes about two megabytes with all arguments. */
    public static final int MAX_BYTES = 1 << 20;

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
    private static final char BYTE_ORDER_MARK = '\ufeff';
    private static final int END = -1;

    private final String name;
    private final String text;
    private int at;
    private int line = 1;

    private EnvFile(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /**
     * The variables of the file, in its order.
     *
     * @throws EnvFileException when it is not there, is too large, or a line can't be understood; no value is quoted, since
     *     such files are where secrets are
     */
    public static Map<String, String> read(Path file) throws EnvFileException {
        return read(file, new OwnFiles());
    }

    /** As {@link #read(Path)}, with the rights of whoever looks. */
    static Map<String, String> read(Path file, FileView files) throws EnvFileException {
        try {
            if (files.look(file) == FileView.Kind.MISSING) {
                throw new EnvFileException("the envFile " + file + " does not exist");
            }
            byte[] bytes = files.read(file, MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new EnvFileException("the envFile " + file + " is too large: at most " + MAX_BYTES + " bytes");
            }
            return parse(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString(),
                    file.toString());
        } catch (CharacterCodingException binary) {
            throw new EnvFileException("the envFile " + file + " is not a text in UTF-8", binary);
        } catch (IOException unreadable) {
            throw new EnvFileException("the envFile " + file + " " + unreadable.getMessage(), unreadable);
        }
    }

    /** @param name of the file, for what is said of it */
    public static Map<String, String> parse(String text, String name) throws EnvFileException {
        String content = text.isEmpty() || text.charAt(0) != BYTE_ORDER_MARK ? text : text.substring(1);
        return new EnvFile(name, content.replace("\r\n", "\n")).variables();
    }

    private Map<String, String> variables() throws EnvFileException {
        Map<String, String> variables = new LinkedHashMap<>();
        for (skipBlank(true); peek() != END; skipBlank(true)) {
            if (peek() == '#') {
                restOfLine();
            } else {
                String variable = name();
                variables.put(variable, value());
            }
        }
        return variables;
    }

    private String name() throws EnvFileException {
        int end = at;
        while (end < text.length() && text.charAt(end) != '=' && text.charAt(end) != '\n') {
            end++;
        }
        if (end == text.length() || text.charAt(end) == '\n') {
            throw wrong("NAME=value is wanted");
        }
        String variable = text.substring(at, end)
                .strip()
                .replaceFirst("^export[ \t]+", "")
                .strip();
        if (!NAME.matcher(variable).matches()) {
            throw wrong("a variable's name has letters, digits and underscores, and begins with no digit");
        }
        at = end + 1;
        return variable;
    }

    private String value() throws EnvFileException {
        int start = at;
        skipBlank(false);
        int quote = peek();
        if (quote == '"' || quote == '\'') {
            at++;
            String value = quoted((char) quote);
            skipBlank(false);
            if (peek() == '#') {
                restOfLine();
            } else if (peek() != '\n' && peek() != END) {
                throw wrong("nothing but a comment may follow the closing quote");
            }
            return check(value);
        }
        at = start;
        String rest = restOfLine();
        for (int i = 1; i < rest.length(); i++) {
            if (rest.charAt(i) == '#' && Character.isWhitespace(rest.charAt(i - 1))) {
                return check(rest.substring(0, i).strip());
            }
        }
        return check(rest.strip());
    }

    private String quoted(char quote) throws EnvFileException {
        int opened = line;
        StringBuilder value = new StringBuilder();
        while (peek() != END) {
            char each = text.charAt(at++);
            if (each == quote) {
                return value.toString();
            }
            if (each == '\n') {
                line++;
            }
            if (each == '\\' && quote == '"' && peek() != END) {
                value.append(escaped());
            } else {
                value.append(each);
            }
        }
        line = opened;
        throw wrong("the quote that opens here is never closed");
    }

    /** What a backslash and the next character stand for; itself, when it has no meaning here. */
    private String escaped() {
        char each = text.charAt(at++);
        if (each == '\n') {
            line++;
        }
        return switch (each) {
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case '"', '\\', '$' -> String.valueOf(each);
            default -> "\\" + each;
        };
    }

    private String check(String value) throws EnvFileException {
        if (value.indexOf('\0') >= 0) {
            throw wrong("no value may have a NUL character");
        }
        return value;
    }

    private void skipBlank(boolean linesToo) {
        while (peek() != END && Character.isWhitespace(peek()) && (linesToo || peek() != '\n')) {
            if (text.charAt(at++) == '\n') {
                line++;
            }
        }
    }

    /** Up to the end of the line, which stays. */
    private String restOfLine() {
        int start = at;
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
        return text.substring(start, at);
    }

    private int peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    private EnvFileException wrong(String what) {
        return new EnvFileException(name + ", line " + line + ": " + what);
    }
}
