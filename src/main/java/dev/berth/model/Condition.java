package dev.berth.model;

import java.time.Instant;
import java.util.List;

/**
 * One thing that is true, false or unknown of an object, with why.
 *
 * @param type an adjective or participle, such as {@code Ready}
 * @param reason one CamelCase word for programs
 * @param message a sentence for people
 * @param lastTransitionTime when {@code status} last changed, not reason or message
 */
public record Condition(String type, Status status, String reason, String message, Instant lastTransitionTime) {
    public static final String PORT_ASSIGNED = "PortAssigned";
    public static final String READY = "Ready";
    /** True while nothing contests the port that the service has. */
    public static final String UNCONTESTED = "Uncontested";
    /** Only on a service that moved: whether its preferred port is free again; its transition time starts the wait to go home. */
    public static final String HOME_FREE = "HomeFree";
    /** True while a process that Berth started for the service runs. */
    public static final String STARTED = "Started";
    /** Only on a service that is to be restarted and can't be now: false while what runs is not what was asked for. */
    public static final String UP_TO_DATE = "UpToDate";
    /** Only on a service that listens elsewhere than on the port that it was given. */
    public static final String PORT_DRIFTED = "PortDrifted";
    /** Only on a service with replicas: whether all of its instances are ready. */
    public static final String REPLICAS_READY = "ReplicasReady";
    /** Only on a service for which thresholds are set: whether it keeps within them. */
    public static final String WITHIN_LIMITS = "WithinLimits";
    /** True when somebody other than its declaration must act first: approval, a dependency. */
    public static final String WAITING = "Waiting";

    /** Kubernetes' three-valued truth. */
    public enum Status {
        TRUE,
        FALSE,
        UNKNOWN
    }

    /** True when only the transition time differs, so that writing it again would say nothing. */
    public boolean saysTheSameAs(Condition other) {
        return type.equals(other.type)
                && status == other.status
                && reason.equals(other.reason)
                && message.equals(other.message);
    }

    /** The conditions to store: {@code next}, each keeping the transition time of {@code previous} while its status is unchanged. */
    public static List<Condition> merge(List<Condition> previous, List<Condition> next) {
        return next.stream()
                .map(condition -> previous.stream()
                        .filter(old -> old.type.equals(condition.type) && old.status == condition.status)
                        .findFirst()
                        .map(old -> new Condition(
                                condition.type,
                                condition.status,
                                condition.reason,
                                condition.message,
                                old.lastTransitionTime))
                        .orElse(condition))
                .toList();
    }
}
