package dev.berth.host;

import dev.berth.model.User;
import java.nio.file.Path;
import java.util.List;

/**
 * What the machine's user database says of a user: everything that a process gets that runs as them.
 *
 * @param user with a name
 * @param gid of their primary group
 * @param groups gids of all their groups, the primary one's too
 * @param home their home directory; it need not exist
 * @param shell what they log in with
 */
public record Account(User user, long gid, List<Long> groups, Path home, String shell) {
    public Account {
        groups = List.copyOf(groups);
    }

    /** The user's name, which accounts have. */
    public String name() {
        return user.display();
    }
}
