package dev.berth.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of the repository that are made of the code: compared, or written anew with {@code -Dberth.docs.write=true}. */
public final class GeneratedFile {
    private static final String WRITE = "berth.docs.write";

    private GeneratedFile() {}

    /** Fails when the file says anything else. */
    public static void assertSays(Path file, String wanted) {
        try {
            if (Boolean.getBoolean(WRITE)) {
                Files.writeString(file, wanted);
            }
            assertEquals(
                    wanted,
                    Files.exists(file) ? Files.readString(file) : "",
                    file + " is stale; write it with -D" + WRITE + "=true");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
