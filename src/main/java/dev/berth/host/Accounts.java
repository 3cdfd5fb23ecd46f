package dev.berth.host;

import dev.berth.model.User;
import java.util.Optional;

/** The machine's user database. Safe for use by many threads. */
@FunctionalInterface
public interface Accounts {
    /**
     * The account of this uid, as it is now or was a few seconds ago; a name that comes with the uid decides nothing.
     *
     * @throws AccountException when there is none, or the database does not answer
     */
    Account of(User user) throws AccountException;

    /**
     * The account of somebody who was stored long ago. Systems give the uid of a user who was deleted to the next new one; what
     * was declared by the former is not run as the latter.
     *
     * @param stored with the name that the uid had then; without one there is nothing to compare
     * @throws AccountException also when the uid has another name now
     */
    default Account ofStored(User stored) throws AccountException {
        Account account = of(stored);
        Optional<String> before = stored.name().filter(name -> !name.equals(account.name()));
        // Root is root by the kernel's word, whatever it is called.
        if (before.isPresent() && !stored.isRoot()) {
            throw new AccountException("it belongs to " + before.get() + ", whose uid " + stored.uid() + " is "
                    + account.name()
                    + "'s now, so nothing is run as them; delete it, and declare it anew as the user that"
                    + " it is to run as");
        }
        return account;
    }
}
