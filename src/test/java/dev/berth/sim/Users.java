package dev.berth.sim;

import dev.berth.model.Caller;
import dev.berth.model.User;

/** The people of the simulated machine. */
final class Users {
    static final long ROOT = User.ROOT;
    static final long DEV = 1000;
    static final long EVE = 1001;

    /** Below it Berth holds no port for Eve, who administers nothing. */
    static final int FIRST_UNPRIVILEGED = 1024;

    private Users() {}

    /** The user as one who calls: with no more rights than the uid gives. */
    static Caller caller(long uid) {
        return Caller.plain(of(uid));
    }

    static User of(long uid) {
        if (uid == ROOT) {
            return User.of(uid, "root");
        }
        return User.of(uid, uid == DEV ? "dev" : "eve");
    }
}
