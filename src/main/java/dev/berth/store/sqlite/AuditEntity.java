package dev.berth.store.sqlite;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A record of the audit log, as far as retention needs it. */
@Entity
@Table(name = "audit")
public class AuditEntity {
    @Id
    private long seq;

    private String hash;

    /** For Hibernate, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    protected AuditEntity() {}

    String hash() {
        return hash;
    }
}
