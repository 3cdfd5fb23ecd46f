package dev.berth.host.linux;

import dev.berth.host.Account;
import dev.berth.host.AccountException;
import dev.berth.host.Accounts;
import dev.berth.host.linux.BoundedRun.Said;
import dev.berth.model.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Asks the user database through {@code getent(1)} and {@code id(1)}: whatever it consists of on this machine (files, LDAP, SSSD),
 * a module of it that hangs or crashes does so in a process of its own, and within a bound.
 */
public final class GetentAccounts implements Accounts {
    /**
     * So long an answer counts. A service that comes and goes asks several times for one start; somebody who was put into a
     * group, or out of one, waits no longer than this for it to hold for the next start.
     */
    private static final Duration FRESH = Duration.ofSeconds(5);

    /** A directory service that doesn't answer within this is down. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** The kernel allows 65536 groups, of ten digits and a blank each. */
    private static final int MOST = 1 << 20;

    /** The kernel's "no user" (−1). */
    private static final long NO_UID = 4_294_967_295L;

    private static final int FIELDS = 7;

    private final Path getent;
    private final Path id;
    private final BoundedRun runs;
    private final LongSupplier ticker;
    private final Map<Long, Known> known = new ConcurrentHashMap<>();

    private record Known(Account account, long at) {}

    private GetentAccounts(Path getent, Path id, LongSupplier ticker) {
        this.getent = getent;
        this.id = id;
        this.runs = new BoundedRun(ticker);
        this.ticker = ticker;
    }

    /**
     * With the programs of this machine.
     *
     * @param ticker monotonic nanoseconds
     */
    public static GetentAccounts open(LongSupplier ticker) throws IOException {
        return new GetentAccounts(require("getent"), require("id"), ticker);
    }

    private static Path require(String tool) throws IOException {
        return SystemTools.find(tool)
                .orElseThrow(() -> new IOException("knowing users' groups needs the program \"" + tool
                        + "\", and the system's directories have none that only root can change"));
    }

    @Override
    public Account of(User user) throws AccountException {
        long now = ticker.getAsLong();
        Known last = known.get(user.uid());
        if (last != null && now - last.at() < FRESH.toNanos()) {
            return last.account();
        }
        known.values().removeIf(each -> now - each.at() >= FRESH.toNanos());
        Account account = ask(user);
        known.put(user.uid(), new Known(account, now));
        return account;
    }

    private Account ask(User user) throws AccountException {
        if (user.uid() < 0 || user.uid() >= NO_UID) {
            throw unknown(user);
        }
        Said entry = run(user, List.of(getent.toString(), "passwd", Long.toString(user.uid())));
        Account account = passwd(text(entry), user.uid()).orElseThrow(() -> unknown(user));
        Said groups = run(user, List.of(id.toString(), "-G", "--", account.name()));
        if (groups.status() != 0) {
            throw new AccountException("the groups of the user " + account.name() + " are not known (id -G ended with"
                    + " status " + groups.status() + "), so nothing is run as them");
        }
        return new Account(
                account.user(), account.gid(), groups(text(groups), account), account.home(), account.shell());
    }

    private Said run(User user, List<String> line) throws AccountException {
        try {
            return runs.run(line, Map.of(), MOST, LIMIT);
        } catch (IOException failed) {
            throw new AccountException(
                    "the user database does not tell about " + user.display() + ": " + failed.getMessage(), failed);
        }
    }

    private static AccountException unknown(User user) {
        return new AccountException("there is no user with the uid " + user.uid()
                + " in the user database of this machine (getent passwd " + user.uid()
                + "), so their groups are not known and nothing is run as them");
    }

    /** From a line of {@code passwd(5)}; empty when it is not this user's. */
    static Optional<Account> passwd(String line, long uid) {
        String[] fields = line.strip().split(":", -1);
        if (fields.length < FIELDS || fields[0].isEmpty() || !fields[2].equals(Long.toString(uid))) {
            return Optional.empty();
        }
        Optional<Long> gid = number(fields[3]);
        // A home that is no absolute path leads wherever Berth happens to be.
        Path home = Path.of(fields[5].startsWith("/") ? fields[5] : "/");
        String shell = fields[6].isBlank() ? "/bin/sh" : fields[6];
        return gid.map(primary -> new Account(User.of(uid, fields[0]), primary, List.of(primary), home, shell));
    }

    private static List<Long> groups(String text, Account account) throws AccountException {
        List<Long> groups = new ArrayList<>();
        for (String word : text.strip().split("\\s+")) {
            groups.add(number(word)
                    .orElseThrow(() -> new AccountException("the groups of the user " + account.name()
                            + " are not known (id -G said \"" + word + "\"), so nothing is run as them")));
        }
        return groups;
    }

    private static Optional<Long> number(String text) {
        return text.matches("\\d{1,10}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private static String text(Said said) {
        return new String(said.output(), StandardCharsets.UTF_8);
    }
}
