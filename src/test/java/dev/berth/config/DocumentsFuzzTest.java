package dev.berth.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.berth.model.BoundedPattern;
import dev.berth.model.Secrets;
import java.nio.charset.StandardCharsets;

/** Whatever a file, a pattern or a command line holds: read, or refused in words. */
class DocumentsFuzzTest {
    private static final int STEPS = 200_000;

    @FuzzTest(maxDuration = "3m")
    void documents(byte[] bytes) {
        for (Documents.Format format : Documents.Format.values()) {
            try {
                Documents.readAll(bytes, format);
            } catch (DocumentException refused) {
                if (refused.getMessage() == null) {
                    throw new AssertionError("a refusal without words");
                }
            }
        }
    }

    @FuzzTest(maxDuration = "3m")
    void patterns(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int half = text.length() / 2;
        BoundedPattern.of(text.substring(0, half)).find(text.substring(half), STEPS);
    }

    @FuzzTest(maxDuration = "3m")
    void secrets(byte[] bytes) {
        Secrets.text(new String(bytes, StandardCharsets.UTF_8));
    }
}
