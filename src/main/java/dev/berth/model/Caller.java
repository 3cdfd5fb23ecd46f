package dev.berth.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who asks for something, as the kernel or a token told; never as a client says of itself.
 *
 * @param namespace the caller's own: what addresses mean that name none
 * @param administrator whether everything on this machine is theirs to change, which a token's scope may withhold
 * @param grant the token that the caller came with
 */
public record Caller(User user, String namespace, boolean administrator, Optional<Grant> grant) {
    /**
     * What a token allows of its owner's rights.
     *
     * @param id tells what was declared by it, see {@link #DECLARED_BY}
     */
    public record Grant(String token, String id, Token.Scope scope, boolean onlyOwn) {}

    /** The annotation of a service with the id of the token that it was first declared by. */
    public static final String DECLARED_BY = "berth.dev/declared-by-token";

    /** The annotation of a service whose token is limited to what it declared; the service is, too. */
    public static final String LIMITED_TO_OWN = "berth.dev/limited-to-own";

    /** The one who runs a Berth of their own, or Berth itself on their behalf. */
    public static Caller owner(User user) {
        return new Caller(user, ServiceKey.DEFAULT_NAMESPACE, true, Optional.empty());
    }

    /** A user without more rights than the kernel gives; root has all. */
    public static Caller plain(User user) {
        return new Caller(user, ServiceKey.DEFAULT_NAMESPACE, user.isRoot(), Optional.empty());
    }

    /** May this one change or end the service that is there? Whose the name would be is not asked. */
    public boolean mayChange(Service service) {
        boolean theirs = administrator || service.metadata().owner().uid() == user.uid();
        return theirs && !isReader() && (!isLimitedToOwn() || hasDeclared(service));
    }

    /** May this one renew or release the reservation? */
    public boolean mayChange(Reservation reservation) {
        boolean theirs = administrator || reservation.owner().uid() == user.uid();
        boolean made = grant.isPresent() && reservation.token().equals(grant.map(Grant::id));
        return theirs && !isReader() && (!isLimitedToOwn() || made);
    }

    /** Its token looks only. */
    public boolean isReader() {
        return grant.filter(each -> each.scope() == Token.Scope.READ).isPresent();
    }

    /** Its token changes only what was declared by it. */
    public boolean isLimitedToOwn() {
        return grant.filter(Grant::onlyOwn).isPresent();
    }

    /** The annotations of what this caller declares first. */
    public Map<String, String> origin() {
        Map<String, String> origin = new LinkedHashMap<>();
        grant.ifPresent(each -> origin.put(DECLARED_BY, each.id()));
        if (isLimitedToOwn()) {
            origin.put(LIMITED_TO_OWN, "true");
        }
        return origin;
    }

    /** For records: the user, and the token where it was one. */
    public Actor actor() {
        Actor actor = Actor.user(user);
        return grant.map(each -> new Actor(actor.kind(), display(), actor.uid()))
                .orElse(actor);
    }

    /** For people. */
    public String display() {
        return user.display()
                + grant.map(each -> Actor.BY_TOKEN + each.token() + ")").orElse("");
    }

    /** Was it declared by the token that this caller came with? */
    public boolean hasDeclared(Service service) {
        return grant.map(Grant::id)
                .filter(id -> id.equals(service.metadata().annotations().get(DECLARED_BY)))
                .isPresent();
    }
}
