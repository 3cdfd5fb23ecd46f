package dev.berth.control;

import dev.berth.model.Actor;
import dev.berth.model.AuditEntry;
import dev.berth.model.AuditEntry.Target;
import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.Outcome;
import dev.berth.model.ProcessRef;
import dev.berth.model.Reservation;
import dev.berth.model.ServiceKey;
import java.time.Instant;
import java.util.Optional;

/** The words of the audit log that the loop writes. Clients search for them: a word is never changed. */
final class Audits {
    static final String SERVICE_DECLARED = "ServiceDeclared";
    static final String SERVICE_DELETED = "ServiceDeleted";
    static final String PORT_ASSIGNED = "PortAssigned";
    static final String PORT_RELEASED = "PortReleased";
    static final String PORT_RESERVED = "PortReserved";
    static final String RESERVATION_RENEWED = "ReservationRenewed";
    static final String RESERVATION_CLAIMED = "ReservationClaimed";
    static final String RESERVATION_CONTESTED = "ReservationContested";
    static final String START_REQUESTED = "StartRequested";
    static final String STOP_REQUESTED = "StopRequested";
    static final String RESTART_REQUESTED = "RestartRequested";
    static final String PROCESS_STARTED = "ProcessStarted";
    static final String PROCESS_ADOPTED = "ProcessAdopted";
    static final String PROCESS_EXITED = "ProcessExited";
    static final String PROCESS_SIGNALLED = "ProcessSignalled";
    static final String OWNER_STOPPED = "OwnerStopped";
    static final String CONFLICT_DETECTED = "ConflictDetected";
    static final String CONFLICT_RESOLVED = "ConflictResolved";
    static final String CONFLICT_APPROVED = "ConflictApproved";
    static final String CONFLICT_DISMISSED = "ConflictDismissed";
    static final String APPROVAL_VOIDED = "ApprovalVoided";
    static final String APPROVAL_EXPIRED = "ApprovalExpired";

    static final String TOKEN_CREATED = "TokenCreated";
    static final String TOKEN_REVOKED = "TokenRevoked";
    static final String SETTING_CHANGED = "SettingChanged";
    static final String DECLARATIONS_REFUSED = "DeclarationsRefused";
    static final String STORE_RECOVERED = "StoreRecovered";

    private Audits() {}

    /** @param trouble why nothing could be written until now */
    static AuditEntry storeRecovered(Instant at, String trouble) {
        return new AuditEntry(
                at,
                Actor.CONTROLLER,
                STORE_RECOVERED,
                new Target("Store", Optional.empty(), "memory"),
                "until now: " + trouble,
                Outcome.SUCCEEDED,
                "changes are taken again",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Something that happened to a service and has no separate intent. */
    static AuditEntry ofService(
            Instant at,
            Actor actor,
            String action,
            ServiceKey service,
            String reason,
            String detail,
            Optional<String> conflict) {
        return new AuditEntry(
                at,
                actor,
                action,
                Target.service(service),
                reason,
                Outcome.SUCCEEDED,
                detail,
                Optional.of(service),
                conflict,
                Optional.empty());
    }

    /** Something that happened to a reservation. */
    static AuditEntry ofReservation(Instant at, Actor actor, String action, Reservation of, String reason) {
        return new AuditEntry(
                at,
                actor,
                action,
                Target.port(of.port()),
                reason,
                Outcome.SUCCEEDED,
                "reserved for " + of.describe(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static AuditEntry ofConflict(
            Instant at, Actor actor, String action, Conflict conflict, String reason, Outcome outcome, String detail) {
        return new AuditEntry(
                at,
                actor,
                action,
                Target.port(conflict.port()),
                reason,
                outcome,
                detail,
                Optional.of(conflict.service()),
                Optional.of(conflict.id()),
                Optional.empty());
    }

    /** Intent or outcome of a signal; both name the same {@code act}. {@code detail} begins with the signal. */
    static AuditEntry signalled(
            Instant at,
            Eviction eviction,
            Eviction.Target target,
            String act,
            String reason,
            Outcome outcome,
            String detail) {
        return new AuditEntry(
                at,
                eviction.requestedBy(),
                PROCESS_SIGNALLED,
                Target.process(target.process()),
                reason,
                outcome,
                detail,
                eviction.service(),
                eviction.conflict(),
                Optional.of(act));
    }

    /** Intent or outcome of starting a service's program; both name the same {@code act}. */
    static AuditEntry started(
            Instant at, ServiceKey service, String act, String reason, Outcome outcome, String detail) {
        return ofAct(at, PROCESS_STARTED, service, act, reason, outcome, detail);
    }

    /** Intent or outcome of a signal to a service's own processes; {@code detail} begins with the signal. */
    static AuditEntry stopSignalled(
            Instant at, ServiceKey service, String act, String reason, Outcome outcome, String detail) {
        return ofAct(at, PROCESS_SIGNALLED, service, act, reason, outcome, detail);
    }

    private static AuditEntry ofAct(
            Instant at, String action, ServiceKey service, String act, String reason, Outcome outcome, String detail) {
        return new AuditEntry(
                at,
                Actor.CONTROLLER,
                action,
                Target.service(service),
                reason,
                outcome,
                detail,
                Optional.of(service),
                Optional.empty(),
                Optional.of(act));
    }

    /** The end of a service's own process. */
    static AuditEntry exited(Instant at, ServiceKey service, ProcessRef process, String reason, String detail) {
        return new AuditEntry(
                at,
                Actor.CONTROLLER,
                PROCESS_EXITED,
                Target.process(process),
                reason,
                Outcome.SUCCEEDED,
                detail,
                Optional.of(service),
                Optional.empty(),
                Optional.empty());
    }

    static AuditEntry exited(Instant at, Eviction eviction, Eviction.Target target) {
        return new AuditEntry(
                at,
                Actor.CONTROLLER,
                PROCESS_EXITED,
                Target.process(target.process()),
                "it was ended because it held port " + eviction.port(),
                Outcome.SUCCEEDED,
                target.command(),
                eviction.service(),
                eviction.conflict(),
                Optional.empty());
    }
}
