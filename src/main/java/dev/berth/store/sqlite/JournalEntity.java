package dev.berth.store.sqlite;

import dev.berth.model.Conflict;
import dev.berth.store.Store;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** A row of the journal. Written once, never changed. */
@Entity
@Table(name = "journal")
public class JournalEntity {
    @Id
    private long seq;

    private String kind;
    private String namespace;
    private String name;
    private String change;
    private long at;
    private String snapshot;
    private @Nullable String service;
    private @Nullable String port;
    private @Nullable String state;

    @Column(name = "detected_at")
    private @Nullable Long detectedAt;

    /** For Hibernate, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    protected JournalEntity() {}

    JournalEntity(Store.JournalRow row, String snapshot) {
        this.seq = row.seq();
        this.kind = row.ref().kind().name();
        this.namespace = row.ref().namespace();
        this.name = row.ref().name();
        this.change = row.change().name();
        this.at = Timestamps.toNanos(row.at());
        this.snapshot = snapshot;
        if (row.snapshot() instanceof Conflict conflict) {
            this.service = conflict.service().toString();
            this.port = conflict.port().toString();
            this.state = conflict.state().name();
            this.detectedAt = Timestamps.toNanos(conflict.detectedAt());
        }
    }
}
