package dev.berth.host.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Paths of which nobody but root can change what they lead to: the file and every directory above it belong to root and
 * nobody else may write to them. A directory such as {@code /tmp}, in which everybody may make files of their own and touch no
 * others' (the sticky bit), does no harm to what is in it.
 */
public final class TrustedPath {
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;
    private static final int ROOT = 0;

    private TrustedPath() {}

    /** Who else can change it, as a sentence; empty when nobody can. */
    public static Optional<String> fault(Path path) {
        try {
            Path real = path.toRealPath();
            for (Path each = real; each != null; each = each.getParent()) {
                Optional<String> fault = faultOf(each, !each.equals(real));
                if (fault.isPresent()) {
                    return fault;
                }
            }
            return Optional.empty();
        } catch (IOException unreadable) {
            return Optional.of(path + " can't be looked at: " + unreadable.getMessage());
        }
    }

    private static Optional<String> faultOf(Path each, boolean above) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(each, "unix:uid,mode");
        if (!(attributes.get("uid") instanceof Integer uid) || !(attributes.get("mode") instanceof Integer mode)) {
            return Optional.of("it can't be told whose " + each + " is");
        }
        if (uid != ROOT) {
            return Optional.of(each + " belongs to uid " + uid + ", not to root");
        }
        boolean harmless = above && (mode & STICKY) != 0;
        return (mode & WRITABLE_BY_OTHERS) == 0 || harmless
                ? Optional.empty()
                : Optional.of(each + " can be written by others than root");
    }
}
