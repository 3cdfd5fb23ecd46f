package dev.berth.logs;

import dev.berth.testing.Children;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A service that writes 1, 2, 3, … as fast as it can, a line at a time, and holds its log open all the while. */
final class NumberedLines {
    private NumberedLines() {}

    static Process start(Children children, Path log) {
        return children.start(
                List.of("sh", "-c", "exec >> \"$0\"; i=0; while :; do i=$((i+1)); echo \"$i\"; done", log.toString()));
    }

    /** The first line that is not the number that follows the one before it, with its place. */
    static Optional<String> firstOutOfOrder(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).equals(Integer.toString(i + 1))) {
                return Optional.of("line " + (i + 1) + " is " + lines.get(i));
            }
        }
        return Optional.empty();
    }
}
