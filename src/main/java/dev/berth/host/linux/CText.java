package dev.berth.host.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Texts as C takes them, in native memory that lives as long as the buffer. In the JDK's own charset for names, so that a
 * path means the same file to both; where that is ASCII (no locale set), in UTF-8, which loses nothing.
 */
final class CText {
    private static final Charset CHARSET = charset();

    private CText() {}

    /** One text, ended by a NUL. */
    static ByteBuffer of(String text) {
        byte[] bytes = text.getBytes(CHARSET);
        return ByteBuffer.allocateDirect(bytes.length + 1).put(bytes).rewind();
    }

    /** As {@link #of(String)}, for who puts it into memory of his own. */
    static byte[] bytes(String text) {
        byte[] bytes = text.getBytes(CHARSET);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** Pointers to the texts, a null pointer, and the texts behind it: {@code char *texts[]}. Pointers have 64 bits. */
    static ByteBuffer of(List<String> texts) {
        int at = (texts.size() + 1) * Long.BYTES;
        int bytes = 0;
        List<byte[]> encoded = new ArrayList<>(texts.size());
        for (String text : texts) {
            encoded.add(text.getBytes(CHARSET));
            bytes += encoded.get(encoded.size() - 1).length + 1;
        }
        ByteBuffer memory = ByteBuffer.allocateDirect(at + bytes).order(ByteOrder.nativeOrder());
        long start = Pointer.nativeValue(Native.getDirectBufferPointer(memory));
        for (int i = 0; i < encoded.size(); i++) {
            byte[] text = encoded.get(i);
            memory.putLong(i * Long.BYTES, start + at);
            memory.position(at);
            memory.put(text);
            at += text.length + 1;
        }
        return memory.rewind();
    }

    private static Charset charset() {
        Charset names = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        return names.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : names;
    }
}
