package dev.berth.control;

import dev.berth.host.UserDirectory;
import dev.berth.model.AuditEntry;
import dev.berth.model.Caller;
import dev.berth.model.Mode;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.Token;
import dev.berth.model.User;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may do what, and whose it is. In single mode everything is the user's who runs Berth; nobody but root gets in beside.
 * In shared mode every user of the machine has a namespace, and changes what is there; administrators change everything.
 *
 * <p>What can't be told is not permitted: each question throws when the user database can't be read.
 */
public final class Authority {
    /** The namespace of a user whose name is none, or who has none; nobody's name is ever read as such. */
    private static final Pattern BY_UID = Pattern.compile("uid-(0|[1-9][0-9]{0,9})");

    private final Mode mode;
    private final User berth;
    private final UserDirectory users;
    private final Supplier<String> administrators;

    /**
     * @param berth who runs it
     * @param administrators the name of their group, as the settings say now
     */
    public Authority(Mode mode, User berth, UserDirectory users, Supplier<String> administrators) {
        this.mode = mode;
        this.berth = berth;
        this.users = users;
        this.administrators = administrators;
    }

    /**
     * The user as a caller, with the rights of this moment.
     *
     * @param token what stands for the user, if it was no connection of their own
     * @return empty when this Berth is not for them, or the token is of somebody who had this uid before
     */
    public Optional<Caller> admit(User user, Optional<Token> token) throws IOException {
        if (mode == Mode.SINGLE && !user.isRoot() && user.uid() != berth.uid()) {
            return Optional.empty();
        }
        if (token.isPresent() && !isStillTheirs(user)) {
            return Optional.empty();
        }
        boolean withheld =
                token.filter(each -> each.scope() != Token.Scope.ADMIN).isPresent();
        boolean administrator = isAdministrator(user);
        User known = user.uid() == berth.uid() && mode == Mode.SINGLE ? berth : users.of(user.uid());
        return Optional.of(new Caller(
                known,
                mode == Mode.SINGLE ? ServiceKey.DEFAULT_NAMESPACE : namespace(known),
                administrator && !withheld,
                token.map(each -> new Caller.Grant(each.name(), each.id(), each.scope(), each.onlyOwn()))));
    }

    /**
     * Does the uid still belong to who was stored with it? Systems give the uid of a user who was deleted to the next new one,
     * who inherits nothing of what Berth keeps. A user who was stored without a name can't be told from another.
     */
    private boolean isStillTheirs(User stored) throws IOException {
        if (mode == Mode.SINGLE
                || stored.isRoot()
                || stored.uid() == berth.uid()
                || stored.name().isEmpty()) {
            return true;
        }
        // Asked for the name, since a uid may have several.
        return users.named(stored.name().get())
                .filter(now -> now.uid() == stored.uid())
                .isPresent();
    }

    /** Is everything on this machine the user's to change? */
    public boolean isAdministrator(User user) throws IOException {
        return mode == Mode.SINGLE || user.isRoot() || users.isMember(user, administrators.get());
    }

    /** Has the user behind the caller the rights still that they came with? What can't be told is no. */
    public boolean isStill(Caller caller) {
        try {
            return admit(caller.user(), Optional.empty())
                    .filter(now -> now.user().equals(caller.user())
                            && now.namespace().equals(caller.namespace())
                            && (now.administrator() || !caller.administrator()))
                    .isPresent();
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** Who is let in here, for those who are not. */
    public String welcome() {
        return "this Berth is run by " + berth.display() + " and serves nobody else";
    }

    private static String namespace(User user) {
        return user.name()
                .filter(ServiceKey::isLabel)
                .filter(name -> !name.equals(ServiceKey.DEFAULT_NAMESPACE)
                        && !BY_UID.matcher(name).matches())
                .orElseGet(() -> "uid-" + user.uid());
    }

    /** Whose the namespace is; empty for one that is nobody's, and so the administrators'. */
    private Optional<User> holder(String namespace) throws IOException {
        if (mode == Mode.SINGLE) {
            return Optional.of(berth);
        }
        if (namespace.equals(ServiceKey.DEFAULT_NAMESPACE)) {
            return Optional.empty();
        }
        Matcher byUid = BY_UID.matcher(namespace);
        return byUid.matches()
                // With the name where there is one: it tells later whether the uid has gone to somebody else.
                ? Optional.of(users.of(Long.parseLong(byUid.group(1))))
                : users.named(namespace);
    }

    /** Whose a new object in the namespace becomes, whoever declares it. */
    public User owner(String namespace, Caller caller) throws IOException {
        return holder(namespace).orElse(caller.user());
    }

    /** Why the caller may not declare, change, start, stop or delete this service; empty when they may. */
    public Optional<String> whyNotChange(Caller caller, ServiceKey key, Optional<Service> existing) throws IOException {
        Optional<String> limit = whyNot(caller)
                .or(() -> existing.filter(service -> caller.isLimitedToOwn() && !caller.hasDeclared(service))
                        .map(service -> "the service " + key + " was not declared by the " + token(caller)
                                + ", which is limited to its own"));
        if (limit.isPresent() || caller.administrator()) {
            return limit;
        }
        Optional<User> holder = holder(key.namespace());
        if (holder.filter(user -> user.uid() == caller.user().uid()).isEmpty()) {
            return Optional.of("the namespace " + key.namespace() + " belongs to "
                    + holder.map(User::display).orElse("the administrators") + ", and you are " + caller.display()
                    + "; yours is " + caller.namespace());
        }
        return existing.filter(service -> !caller.mayChange(service))
                .map(service -> "the service " + key + " belongs to "
                        + service.metadata().owner().display() + ", and you are " + caller.display());
    }

    /** Why the caller may not change anything that is their own; empty when they may. */
    public Optional<String> whyNot(Caller caller) {
        return caller.isReader()
                ? Optional.of("the " + token(caller) + " may look and change nothing (its scope is read)")
                : Optional.empty();
    }

    /**
     * Why the caller may not change what is everybody's.
     *
     * @param what such as {@code the settings}
     */
    public Optional<String> whyNotAdminister(Caller caller, String what) {
        if (caller.administrator() && !caller.isLimitedToOwn()) {
            return Optional.empty();
        }
        return Optional.of(
                caller.grant().isPresent()
                        ? "changing " + what
                                + " needs an administrator's token of scope admin without limits, and this is the "
                                + token(caller)
                        : "changing " + what + " is for administrators (root and the group " + administrators.get()
                                + "), and you are " + caller.display());
    }

    /** May the caller see the environment and the output of what this user runs? */
    public boolean mayReadSecrets(Caller caller, User owner) {
        return mode == Mode.SINGLE
                || caller.administrator()
                || owner.uid() == caller.user().uid();
    }

    /** May the caller read what Berth itself was given, such as what a file says that root wrote? */
    public boolean mayReadOwn(Caller caller) {
        return mode == Mode.SINGLE || caller.administrator();
    }

    /** May the caller read why something was done and with what? It may quote what was declared. */
    public boolean mayReadWords(Caller caller, AuditEntry entry) {
        return mode == Mode.SINGLE
                || caller.administrator()
                || entry.actor().uid().equals(OptionalLong.of(caller.user().uid()))
                || entry.service()
                        .filter(key -> key.namespace().equals(caller.namespace()))
                        .isPresent();
    }

    private static String token(Caller caller) {
        return "token " + caller.grant().map(Caller.Grant::token).orElse("");
    }
}
