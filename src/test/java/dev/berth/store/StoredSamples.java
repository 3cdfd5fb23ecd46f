package dev.berth.store;

import dev.berth.model.Actor;
import dev.berth.model.AuditEntry;
import dev.berth.model.Conflict;
import dev.berth.model.ConflictHolder;
import dev.berth.model.DecisionKind;
import dev.berth.model.Eviction;
import dev.berth.model.HolderKind;
import dev.berth.model.Metadata;
import dev.berth.model.Outcome;
import dev.berth.model.PortKey;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceStatus;
import dev.berth.model.SettingOverride;
import dev.berth.model.Severity;
import dev.berth.model.StoredObject;
import dev.berth.model.Token;
import dev.berth.model.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One plain object of each kind, for tests that care about what happens to it and not about what is in it. */
public final class StoredSamples {
    public static final Instant NOON = Instant.parse("2025-06-01T12:00:00Z");
    private static final User ANN = User.of(1000, "ann");

    private StoredSamples() {}

    public static Service service(String name) {
        return service(name, NOON);
    }

    public static Service service(String name, Instant created) {
        Metadata metadata = new Metadata(
                ServiceKey.DEFAULT_NAMESPACE,
                name,
                "uid-" + name,
                Map.of(),
                Map.of(),
                ANN,
                List.of(),
                1,
                0,
                created,
                Optional.empty());
        return new Service(metadata, ServiceSpec.guarding(8000, 8001), ServiceStatus.unseen());
    }

    /** The same service, restarted once more: a change of its status. */
    public static Service restarted(Service service) {
        ServiceStatus status = service.status();
        return service.withStatus(new ServiceStatus(
                status.state(),
                status.port(),
                status.process(),
                status.restarts() + 1,
                status.observedGeneration(),
                status.conditions()));
    }

    public static Conflict conflict(String id, String service, int port, Instant detectedAt) {
        return new Conflict(
                id,
                ServiceKey.parse(service),
                PortKey.tcp(port),
                Severity.HIGH,
                "it is critical",
                Conflict.State.DETECTED,
                new ConflictHolder(
                        HolderKind.FOREIGN,
                        Optional.empty(),
                        Optional.of(ANN),
                        Optional.of("python3 -m http.server " + port),
                        Optional.of(detectedAt.minusSeconds(60)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "a python3 of ann's"),
                "intelligent",
                DecisionKind.MIGRATE,
                "not ours",
                List.of(),
                detectedAt,
                Optional.empty(),
                0);
    }

    public static Eviction eviction(int port) {
        return new Eviction(
                PortKey.tcp(port),
                "E" + port,
                Actor.user(ANN),
                Optional.empty(),
                Optional.empty(),
                false,
                Duration.ofSeconds(10),
                Eviction.Phase.TERMINATING,
                List.of(),
                NOON,
                NOON.plusSeconds(10),
                Optional.empty(),
                0);
    }

    public static Reservation reservation(int port) {
        return new Reservation(
                PortKey.tcp(port),
                "tests",
                ANN,
                Optional.empty(),
                Optional.of(Duration.ofMinutes(10)),
                Optional.of(NOON.plusSeconds(600)),
                Reservation.Enforcement.ADVISORY,
                Optional.empty(),
                Optional.of("taken"),
                NOON,
                0);
    }

    public static SettingOverride setting(String key, String value) {
        return new SettingOverride(key, value, 0);
    }

    public static Token token(String name) {
        return token(name, Token.Scope.MANAGE);
    }

    static Token token(String name, Token.Scope scope) {
        return new Token(name, "01J" + name, ANN, scope, true, "0".repeat(64), NOON, NOON.plusSeconds(60), 0);
    }

    /** One new object of every kind. */
    public static List<StoredObject> oneOfEachKind() {
        return List.of(
                service("backend"),
                reservation(9000),
                conflict("C1", "default/backend", 8000, NOON),
                eviction(8000),
                setting("conflicts.strategy", "aggressive"),
                token("ci"));
    }

    public static AuditEntry audit(String detail) {
        return audit(detail, NOON);
    }

    public static AuditEntry audit(String detail, Instant at) {
        ServiceKey backend = ServiceKey.parse("backend");
        return new AuditEntry(
                at,
                Actor.user(ANN),
                "ServiceDeclared",
                AuditEntry.Target.service(backend),
                "asked for",
                Outcome.SUCCEEDED,
                detail,
                Optional.of(backend),
                Optional.empty(),
                Optional.empty());
    }
}
