package dev.berth.logs;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Makes lines of bytes as they come, fit to be shown on a terminal: bytes that are no UTF-8 become U+FFFD, terminal escape
 * sequences (colours, cursor movements, titles) and other control characters but the tab go, and a line of more than
 * {@link LogReader#WIDEST} bytes is cut and says so.
 */
final class LineSplitter {
    /** ECMA-48: control sequences, strings up to their terminator, and the other escapes. */
    private static final Pattern ESCAPES = Pattern.compile("(?:\u001B\\[|\u009B)[0-?]*+[ -/]*+[@-~]?"
            + "|\u001B[\\]PX^_][^\u0007\u001B]*+(?:\u0007|\u001B\\\\)?"
            + "|\u001B[ -/]*+[0-~]?");

    private static final Pattern CONTROLS = Pattern.compile("[\u0000-\u0008\n-\u001F\u007F-\u009F]");

    private final byte[] line = new byte[LogReader.WIDEST];
    private int length;
    private long cut;

    /** Hands on every line that ends in these bytes. */
    void feed(byte[] bytes, int count, Consumer<String> lines) {
        int from = 0;
        for (int at = 0; at < count; at++) {
            if (bytes[at] == '\n') {
                keep(bytes, from, at);
                lines.accept(take());
                from = at + 1;
            }
        }
        keep(bytes, from, count);
    }

    /** What stands behind the last line's end; forgotten here. */
    Optional<String> rest() {
        return length == 0 ? Optional.empty() : Optional.of(take());
    }

    private void keep(byte[] bytes, int from, int to) {
        int kept = Math.min(to - from, LogReader.WIDEST - length);
        System.arraycopy(bytes, from, line, length, kept);
        length += kept;
        cut += to - from - kept;
    }

    private String take() {
        String text = new String(line, 0, cut == 0 ? length : wholeCharacters(), StandardCharsets.UTF_8);
        String shown = visible(text) + (cut == 0 ? "" : " … [" + (LogReader.WIDEST + cut) + " bytes, cut]");
        length = 0;
        cut = 0;
        return shown;
    }

    /** The cut may have gone through a character of several bytes. */
    private int wholeCharacters() {
        int end = length;
        while (end > length - 3 && (line[end - 1] & 0xC0) == 0x80) {
            end--;
        }
        return (line[end - 1] & 0xC0) == 0xC0 ? end - 1 : length;
    }

    static String visible(String text) {
        String line = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        return isPlain(line)
                ? line
                : CONTROLS.matcher(ESCAPES.matcher(line).replaceAll("").replace('\r', ' '))
                        .replaceAll("");
    }

    /** Most lines are, and logs are long. */
    private static boolean isPlain(String line) {
        for (int at = 0; at < line.length(); at++) {
            char each = line.charAt(at);
            if ((each < ' ' && each != '\t') || (each >= 0x7F && each <= 0x9F)) {
                return false;
            }
        }
        return true;
    }
}
