package dev.berth.store.sqlite;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** The tables, as Panache sees them. */
final class Repositories {
    private Repositories() {}

    /** Table {@code journal}. */
    @ApplicationScoped
    static class Journal implements PanacheRepositoryBase<JournalEntity, Long> {}

    /** Table {@code audit}. */
    @ApplicationScoped
    static class Audit implements PanacheRepositoryBase<AuditEntity, Long> {}

    /** Table {@code anchor}. */
    @ApplicationScoped
    static class Anchors implements PanacheRepositoryBase<AnchorEntity, String> {}
}
