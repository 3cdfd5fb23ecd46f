package dev.berth.sim;

import dev.berth.model.User;

/** The people of the simulated machine. */
final class Users {
    static final long ROOT = User.ROOT;
    static final long DEV = 1000;
    static final long EVE = 1001;

    private Users() {}

    static User of(long uid) {
        if (uid == ROOT) {
            return User.of(uid, "root");
        }
        return User.of(uid, uid == DEV ? "dev" : "eve");
    }
}
