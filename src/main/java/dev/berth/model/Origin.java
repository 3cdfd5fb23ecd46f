package dev.berth.model;

import java.util.Optional;

/**
 * Where a process comes from, as far as the host itself can tell: before anybody's declarations are considered.
 *
 * @param unit the systemd unit, such as {@code nginx.service}
 * @param container the container's name or id
 * @param respawner who would start it again, in words such as {@code supervisord (pid 812)}; empty means nobody known
 * @param note how it was told, for explanations: {@code cgroup /system.slice/nginx.service}, {@code npm script dev}
 * @param manager what can be asked to stop the unit or container: {@code systemd}, {@code user@1000.service},
 *     {@code docker}, {@code podman}; empty when there is none that Berth could ask
 */
public record Origin(
        HolderKind kind,
        Optional<String> unit,
        boolean userUnit,
        Optional<String> container,
        Optional<String> respawner,
        Optional<String> note,
        Optional<String> manager) {
    /** An origin without a manager that could be asked. */
    public Origin(
            HolderKind kind,
            Optional<String> unit,
            boolean userUnit,
            Optional<String> container,
            Optional<String> respawner,
            Optional<String> note) {
        this(kind, unit, userUnit, container, respawner, note, Optional.empty());
    }

    public static Origin of(HolderKind kind) {
        return new Origin(kind, Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
