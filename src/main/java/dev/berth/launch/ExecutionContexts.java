package dev.berth.launch;

import dev.berth.host.Account;
import dev.berth.host.AccountException;
import dev.berth.host.Accounts;
import dev.berth.host.FileView;
import dev.berth.host.Rights;
import dev.berth.model.User;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Knows what each user's services start from. Safe for use by many threads. */
@FunctionalInterface
public interface ExecutionContexts {
    /** @throws AccountException when that user's services can't be run, with the reason */
    ExecutionContext of(User owner) throws AccountException;

    /**
     * Everything that belongs to a user is done with that user's rights, root's own too: with root's.
     *
     * @param files of the machine, as an account sees them
     * @param environment Berth's
     */
    static ExecutionContexts ofUsers(
            Accounts accounts, Function<Account, FileView> files, Map<String, String> environment) {
        return owner -> {
            Account account = accounts.ofStored(owner);
            return new ExecutionContext(
                    new Rights.Of(account), InheritedEnvironment.of(account, environment), files.apply(account));
        };
    }

    /** Everything is done with Berth's own rights, whoever declared it: where one person runs Berth. */
    static ExecutionContexts own(Supplier<Map<String, String>> inherited) {
        OwnFiles files = new OwnFiles();
        return owner -> new ExecutionContext(Rights.OWN, inherited.get(), files);
    }
}
