package dev.berth.store.sqlite;

import dev.berth.model.AuditEntry;
import dev.berth.model.AuditRecord;
import dev.berth.model.ServiceKey;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** A record of the audit log. Written once, never changed. */
@Entity
@Table(name = "audit")
public class AuditEntity {
    @Id
    private long seq;

    private long at;

    @Column(name = "actor_kind")
    private String actorKind;

    @Column(name = "actor_name")
    private String actorName;

    @Column(name = "actor_uid")
    private @Nullable Long actorUid;

    private String action;

    @Column(name = "target_kind")
    private String targetKind;

    @Column(name = "target_namespace")
    private @Nullable String targetNamespace;

    @Column(name = "target_name")
    private String targetName;

    private String reason;
    private String outcome;
    private String detail;
    private @Nullable String service;
    private @Nullable String conflict;
    private @Nullable String act;

    @Column(name = "previous_hash")
    private String previousHash;

    private String hash;

    /** For Hibernate, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    protected AuditEntity() {}

    AuditEntity(AuditRecord row) {
        AuditEntry entry = row.entry();
        this.seq = row.seq();
        this.at = Timestamps.toNanos(entry.at());
        this.actorKind = entry.actor().kind().name();
        this.actorName = entry.actor().name();
        this.actorUid = entry.actor().uid().isPresent() ? entry.actor().uid().getAsLong() : null;
        this.action = entry.action();
        this.targetKind = entry.target().kind();
        this.targetNamespace = entry.target().namespace().orElse(null);
        this.targetName = entry.target().name();
        this.reason = entry.reason();
        this.outcome = entry.outcome().name();
        this.detail = entry.detail();
        this.service = entry.service().map(ServiceKey::toString).orElse(null);
        this.conflict = entry.conflict().orElse(null);
        this.act = entry.act().orElse(null);
        this.previousHash = row.previousHash();
        this.hash = row.hash();
    }
}
