package dev.berth.host;

import dev.berth.model.User;

/** The machine's user database. Safe for use by many threads. */
@FunctionalInterface
public interface Accounts {
    /**
     * The account of this uid, as it is now or was a few seconds ago; a name that comes with the uid decides nothing.
     *
     * @throws AccountException when there is none, or the database does not answer
     */
    Account of(User user) throws AccountException;
}
