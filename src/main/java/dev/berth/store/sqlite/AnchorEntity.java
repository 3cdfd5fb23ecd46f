package dev.berth.store.sqlite;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Where the journal or the audit log ends, or was cut. Changed by query only. */
@Entity
@Table(name = "anchor")
public class AnchorEntity {
    @Id
    private String name;

    private long seq;
    private String hash;

    /** For Hibernate, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    protected AnchorEntity() {}
}
