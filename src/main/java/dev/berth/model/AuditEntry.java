package dev.berth.model;

import java.time.Instant;
import java.util.Optional;

/**
 * What is to be written to the audit log; the store adds sequence number and hashes.
 *
 * @param action one word, past tense: {@code ServiceDeclared}, {@code ProcessSignalled}
 * @param service the service it concerns, for queries
 * @param act ties an intent to its outcome; empty for what has no separate intent
 * @param conflict the id of the conflict that it belongs to
 */
public record AuditEntry(
        Instant at,
        Actor actor,
        String action,
        Target target,
        String reason,
        Outcome outcome,
        String detail,
        Optional<ServiceKey> service,
        Optional<String> conflict,
        Optional<String> act) {
    /** The same, as everybody may read it. */
    public AuditEntry withoutSecrets() {
        return new AuditEntry(
                at, actor, action, target, Secrets.text(reason), outcome, Secrets.text(detail), service, conflict, act);
    }

    /** What was acted on: a service, a port, a process, a setting. */
    public record Target(String kind, Optional<String> namespace, String name) {
        public static Target service(ServiceKey key) {
            return new Target("Service", Optional.of(key.namespace()), key.name());
        }

        public static Target port(PortKey port) {
            return new Target("Port", Optional.empty(), port.toString());
        }

        public static Target setting(String key) {
            return new Target("Setting", Optional.empty(), key);
        }

        public static Target process(ProcessRef process) {
            return new Target("Process", Optional.empty(), Long.toString(process.pid()));
        }
    }
}
