package dev.berth.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Says what is to be declared: a file, a directory of fragments, a tool that generates it. A user's own is a jar in
 * {@code plugins/} of the data directory that names its class in {@code META-INF/services/dev.berth.source.DeclarationSource}.
 *
 * <p>Berth asks again about once a second, always from the same thread, and applies a text when it is new or has changed and
 * was the same in two looks, so that a half-written one does no harm. One that can't be understood changes nothing: what it
 * said before stays. A text that is no longer there takes what it declared with it.
 */
public interface DeclarationSource {
    /** What it is called, in lists and in the log: lower-case letters, digits and inner hyphens. */
    String name();

    /**
     * Everything that it says now.
     *
     * @throws IOException when that can't be told; then everything stays as it is. The message is shown to people
     */
    List<Text> read() throws IOException;

    /**
     * A {@code berth.yaml}, whole.
     *
     * @param name which one of the source's; the same name with other content is a change
     * @param content YAML, as bytes of UTF-8
     * @param base where relative paths in it start; empty leaves them as they are
     */
    record Text(String name, byte[] content, Optional<Path> base) {}
}
