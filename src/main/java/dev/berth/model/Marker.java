package dev.berth.model;

/**
 * What tells a process that Berth started, and everything below it, from all others: two variables of its environment.
 * They survive a change of session and the death of parents.
 */
public final class Marker {
    /** Whose process it is: {@code namespace/name@installation}. */
    public static final String SERVICE = "BERTH_SERVICE";

    /** Which start of it: the id of the {@link Launch}. */
    public static final String LAUNCH = "BERTH_LAUNCH";

    private Marker() {}

    /**
     * The value of {@link #SERVICE}.
     *
     * @param installation names the memory that knows the service, so that two Berths of one user keep apart what they
     *     started
     */
    public static String of(ServiceKey service, String installation) {
        return service + "@" + installation;
    }
}
