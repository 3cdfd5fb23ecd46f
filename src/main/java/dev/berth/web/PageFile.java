package dev.berth.web;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/**
 * One file of the page as it is sent.
 *
 * @param type its Content-Type
 * @param tag its ETag, made from its content; a weak one, because it is the same for both forms
 * @param gzipped the content for those who take it so
 */
record PageFile(String type, String tag, Buffer content, Buffer gzipped) {
    private static final int TAG_BYTES = 8;

    static PageFile of(String type, byte[] content) {
        return new PageFile(type, tag(content), Buffer.buffer(content), Buffer.buffer(gzip(content)));
    }

    private static String tag(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return "W/\"" + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException defect) {
            // Every Java platform has it.
            throw new IllegalStateException(defect);
        }
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        } catch (IOException defect) {
            // Memory alone is written.
            throw new UncheckedIOException(defect);
        }
        return bytes.toByteArray();
    }
}
