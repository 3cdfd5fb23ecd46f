package dev.berth.host.linux;

import dev.berth.model.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names of users from {@code /etc/passwd}, read again when the file has changed. Users of directory services stay nameless:
 * a lookup there could wait for a network, and only the uid decides anything.
 */
final class UserNames {
    private final Path file;
    private volatile @Nullable Names names;

    UserNames(Path file) {
        this.file = file;
    }

    /** The machine's own users. */
    static UserNames system() {
        return new UserNames(Path.of("/etc/passwd"));
    }

    User of(long uid) {
        return new User(uid, Optional.ofNullable(names().byUid().get(uid)));
    }

    private Names names() {
        Names known = names;
        try {
            FileTime changed = Files.getLastModifiedTime(file);
            if (known == null || !known.changed().equals(changed)) {
                List<String> lines = List.of(
                        Files.readString(file, StandardCharsets.ISO_8859_1).split("\n"));
                known = new Names(changed, ProcText.passwd(lines));
                names = known;
            }
            return known;
        } catch (IOException e) {
            // No user database: names are for people only.
            return known == null ? new Names(FileTime.fromMillis(0), Map.of()) : known;
        }
    }

    private record Names(FileTime changed, Map<Long, String> byUid) {}
}
