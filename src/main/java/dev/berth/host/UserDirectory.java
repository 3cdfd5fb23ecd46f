package dev.berth.host;

import dev.berth.model.User;
import java.io.IOException;
import java.util.Optional;

/** What the machine knows of its users, as it is now: who is taken out of a group is out of it with the next question. */
public interface UserDirectory {
    /**
     * The user of this uid, without a name where the machine knows none.
     *
     * @throws IOException when it can't be told
     */
    User of(long uid) throws IOException;

    /**
     * The user of this name.
     *
     * @throws IOException when it can't be told, which is not the same as that there is none
     */
    Optional<User> named(String name) throws IOException;

    /**
     * Whether the user is a member of the group; false for a group that doesn't exist.
     *
     * @throws IOException when it can't be told; nobody is a member then
     */
    boolean isMember(User user, String group) throws IOException;
}
