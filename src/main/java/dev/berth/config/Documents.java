package dev.berth.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Makes trees of text that strangers may have written. Every way in which a text could cost more than its size is bounded
 * by a constant here; a key that comes twice, text that is not UTF-8 and characters that no program can be given are refused.
 */
public final class Documents {
    /** The longest text that is read. Declarations of thousands of services stay below a tenth of it. */
    public static final int MAX_BYTES = 4 * 1024 * 1024;

    /** Deepest nesting; Berth's own documents have eight levels. */
    static final int MAX_DEPTH = 32;

    /** Nodes after aliases are followed, so that a few lines can't stand for billions ("billion laughs"). */
    static final int MAX_NODES = 200_000;

    /** Characters after aliases are followed: as many as a text without them can have. */
    static final int MAX_CHARACTERS = MAX_BYTES;

    /** Characters of a key; the longest kind, of labels, has 317. */
    static final int MAX_KEY_LENGTH = 512;

    /** Documents in one YAML stream. */
    static final int MAX_DOCUMENTS = 1_000;

    /** Digits of a number; the longest that means something here has five. */
    static final int MAX_NUMBER_LENGTH = 100;

    /** How a text is written. */
    public enum Format {
        JSON,
        YAML
    }

    private Documents() {}

    /** Reads one document; a YAML stream of several is refused. */
    public static Document readOne(byte[] text, Format format) throws DocumentException {
        List<Document> documents = readAll(text, format);
        if (documents.size() != 1) {
            throw new DocumentException("one document is wanted here, and these are " + documents.size());
        }
        return documents.get(0);
    }

    /** Reads a JSON text, or every document of a YAML stream; never an empty list. */
    public static List<Document> readAll(byte[] text, Format format) throws DocumentException {
        String decoded = text(text);
        return format == Format.JSON ? List.of(new JsonDocument(decoded).read()) : YamlDocuments.read(decoded);
    }

    /** A text that is neither too long nor empty nor something else than UTF-8. */
    public static String text(byte[] text) throws DocumentException {
        if (text.length > MAX_BYTES) {
            throw new DocumentException("the text has more than the " + MAX_BYTES + " bytes that are read at most");
        }
        String decoded = decode(text);
        if (decoded.isBlank()) {
            throw new DocumentException("there is nothing in it: a document is wanted");
        }
        return decoded;
    }

    private static String decode(byte[] text) throws DocumentException {
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(text))
                    .toString();
            // A byte order mark, as some editors leave it.
            return decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
        } catch (CharacterCodingException malformed) {
            throw new DocumentException("the text is not UTF-8; save it in that encoding");
        }
    }

    /** A key, which is part of the path of everything below it. */
    static String checkedKey(String key, Location location) throws DocumentException {
        if (key.length() > MAX_KEY_LENGTH) {
            throw new DocumentException("a key has more than " + MAX_KEY_LENGTH + " characters", location);
        }
        return checked(key, location);
    }

    /** Refuses what can't be stored and given to a program as it was written. */
    static String checked(String text, Location location) throws DocumentException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\0') {
                throw new DocumentException(
                        "a text contains the character NUL, which no program can be given", location);
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new DocumentException("a text contains half of a character (a lone surrogate)", location);
            }
        }
        return text;
    }
}
