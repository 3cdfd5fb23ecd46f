package dev.berth.launch;

import dev.berth.host.AccountException;
import dev.berth.host.Rights;
import dev.berth.model.User;
import java.util.Map;
import java.util.function.Supplier;

/** Knows what each user's services start from. Safe for use by many threads. */
@FunctionalInterface
public interface ExecutionContexts {
    /** @throws AccountException when that user's services can't be run, with the reason */
    ExecutionContext of(User owner) throws AccountException;

    /** Everything is done with Berth's own rights, whoever declared it: where one person runs Berth. */
    static ExecutionContexts own(Supplier<Map<String, String>> inherited) {
        OwnFiles files = new OwnFiles();
        return owner -> new ExecutionContext(Rights.OWN, inherited.get(), files);
    }
}
