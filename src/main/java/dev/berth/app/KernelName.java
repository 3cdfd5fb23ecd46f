package dev.berth.app;

import dev.berth.plan.BerthIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The short name that the kernel keeps of this process, which would be {@code java}: what {@code ps}, {@code top} and
 * {@code ss -p} show, and by which other Berths know it for one of theirs and never end it.
 */
final class KernelName {
    private KernelName() {}

    /**
     * Does nothing on systems that have no such file.
     *
     * @param name such as {@code /proc/self/comm}
     */
    static void take(Path name) throws IOException {
        if (Files.exists(name)) {
            Files.writeString(name, BerthIdentity.COMM);
        }
    }
}
