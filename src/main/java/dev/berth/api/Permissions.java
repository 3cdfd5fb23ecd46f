package dev.berth.api;

import dev.berth.config.SettingCatalog;
import dev.berth.config.Settings;
import dev.berth.control.Authority;
import dev.berth.control.ServiceQuota;
import dev.berth.model.Caller;
import dev.berth.model.Conflict;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.Token;
import dev.berth.model.User;
import dev.berth.store.Registry;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Refuses what the caller may not do, with the reason, before anything is done. A dry run needs the same rights. */
final class Permissions {
    private static final int FORBIDDEN = 403;
    private static final int UNAVAILABLE = 503;

    private final Authority authority;
    private final Registry registry;
    private final Supplier<Settings> settings;

    Permissions(Backend backend) {
        this.authority = backend.authority();
        this.registry = backend.registry();
        this.settings = backend.settings();
    }

    /** To declare, change, start, stop or delete a service. */
    void requireChange(ServiceKey key, Caller caller) {
        refuse(whyNotChange(key, caller));
    }

    /**
     * To have so much.
     *
     * @param wanted what is declared, by service
     */
    void requireRoom(Map<ServiceKey, ServiceSpec> wanted, Caller caller) {
        if (!caller.administrator()) {
            Map<ServiceKey, Integer> replicas = new HashMap<>();
            wanted.forEach((key, spec) -> replicas.put(key, spec.replicas()));
            refuse(ServiceQuota.refusal(
                    caller.user().uid(),
                    replicas,
                    registry.services(),
                    settings.get().get(SettingCatalog.MOST_SERVICES)));
        }
    }

    /** To decide what is done for a service. */
    void requireDecision(Conflict conflict, Caller caller) {
        requireChange(conflict.service().origin(), caller);
    }

    boolean mayDecide(Conflict conflict, Caller caller) {
        return whyNotChange(conflict.service().origin(), caller).isEmpty();
    }

    private Optional<String> whyNotChange(ServiceKey key, Caller caller) {
        return asked(() -> authority.whyNotChange(caller, key, registry.service(key)));
    }

    /** To change what is the caller's own. */
    void requireChanges(Caller caller) {
        refuse(authority.whyNot(caller));
    }

    /** To make tokens and take them back. */
    void requireTokens(Caller caller) {
        boolean whole = caller.grant()
                .filter(grant -> grant.scope() != Token.Scope.ADMIN || grant.onlyOwn())
                .isEmpty();
        refuse(
                whole
                        ? Optional.empty()
                        : Optional.of("a token of less than everything makes no others and takes none back"));
    }

    /** @param what such as {@code the settings} */
    void requireAdministrator(Caller caller, String what) {
        refuse(authority.whyNotAdminister(caller, what));
    }

    /** To read the output of a service, or what it was told. */
    void requireSecrets(Service service, Caller caller, String what) {
        if (!mayReadSecrets(service, caller)) {
            refuse(Optional.of(what + " of the service " + service.key() + " is for its owner "
                    + service.metadata().owner().display() + " and administrators, and you are " + caller.display()));
        }
    }

    boolean mayReadSecrets(Service service, Caller caller) {
        return mayReadSecrets(service.metadata().owner(), caller);
    }

    /** Of which services the caller may read everything. */
    Predicate<Service> readableBy(Caller caller) {
        return service -> mayReadSecrets(service, caller);
    }

    /** May the caller read what Berth itself was given: its files, and what its webhooks are told? */
    boolean mayReadOwn(Caller caller) {
        return authority.mayReadOwn(caller);
    }

    boolean mayReadSecrets(User owner, Caller caller) {
        return authority.mayReadSecrets(caller, owner);
    }

    /** Whose a new object there becomes. */
    User owner(String namespace, Caller caller) {
        return asked(() -> authority.owner(namespace, caller));
    }

    private interface Question<T> {
        T ask() throws IOException;
    }

    private static <T> T asked(Question<T> question) {
        try {
            return question.ask();
        } catch (IOException unreadable) {
            throw Problems.problem(
                            UNAVAILABLE,
                            "whose it is can't be told, because the users of this machine can't be read ("
                                    + unreadable.getMessage() + "); nothing was changed")
                    .build();
        }
    }

    private static void refuse(Optional<String> reason) {
        reason.ifPresent(words -> {
            throw Problems.problem(FORBIDDEN, words + "; nothing was changed").build();
        });
    }
}
