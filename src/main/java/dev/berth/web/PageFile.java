package dev.berth.web;

import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One file of the page as it is sent.
 *
 * @param type its Content-Type
 * @param tag its ETag, made from its content
 */
record PageFile(String type, String tag, Buffer content) {
    private static final int TAG_BYTES = 8;

    static PageFile of(String type, byte[] content) {
        return new PageFile(type, tag(content), Buffer.buffer(content));
    }

    private static String tag(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException defect) {
            // Every Java platform has it.
            throw new IllegalStateException(defect);
        }
    }
}
